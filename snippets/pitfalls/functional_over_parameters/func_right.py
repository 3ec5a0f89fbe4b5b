import warnings

import torch
from torch.func import functional_call

warnings.simplefilter("ignore", DeprecationWarning)
net = torch.nn.Linear(2, 1, bias=False)
torch.nn.init.ones_(net.weight)
x = torch.tensor([[1.0, 2.0]])
# --8<-- [start:hessian]
params = dict(net.named_parameters())
loss = lambda p: functional_call(net, p, (x,)).pow(2).sum()
hessians = torch.func.hessian(loss)(params)
# --8<-- [end:hessian]
hessian = hessians["weight"]["weight"].reshape(2, 2).tolist()
print(hessian)
#> [[2.0, 4.0], [4.0, 8.0]]
