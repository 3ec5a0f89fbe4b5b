import torch
from torch.func import functional_call

net = torch.nn.Linear(2, 1, bias=False)
torch.nn.init.ones_(net.weight)
x = torch.tensor([[1.0, 2.0]])
params = dict(net.named_parameters())
loss = lambda params: functional_call(net, params, (x,)).pow(2).sum()
hessians = torch.func.hessian(loss)(params)
#! DeprecationWarning: `torch.jit.script` is deprecated. Please switch to `torch.compile` or
#!   `torch.export`.
hessian = hessians["weight"]["weight"].reshape(2, 2).tolist()
print(hessian)
#> [[2.0, 4.0], [4.0, 8.0]]
