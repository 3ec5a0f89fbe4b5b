# timeout: 60
import warnings

import torch
from torch import nn
from torch.func import hessian, jacrev

warnings.simplefilter("ignore", DeprecationWarning)
torch.manual_seed(0)
net = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1))
x = torch.randn(2)
fourth = jacrev(jacrev(jacrev(jacrev(net))))
# `torch.compile(hessian(hessian(net)))` raises.
compiled = torch.compile(fourth, backend="aot_eager")(x)
error = (compiled - hessian(hessian(net))(x)).abs().max()
print(bool(error < 1e-6))
#> True
