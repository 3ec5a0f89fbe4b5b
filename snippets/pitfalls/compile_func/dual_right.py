import warnings

import torch
from torch import nn
from torch.func import jvp

warnings.simplefilter("ignore", DeprecationWarning)
torch.manual_seed(0)
net = nn.Sequential(nn.Linear(2, 3), nn.Tanh())
x, v = torch.randn(2), torch.randn(2)
product = torch.compile(
    lambda x, v: jvp(net, (x,), (v,))[1], backend="aot_eager"
)
Jv = product(x, v)
step = 1e-3
difference = (net(x + step * v) - net(x - step * v)) / (2 * step)
close = torch.allclose(Jv, difference, atol=1e-3)
print(Jv.requires_grad, close)
#> True True
