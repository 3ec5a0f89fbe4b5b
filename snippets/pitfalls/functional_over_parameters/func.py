# wrong: hessian is [[0.0, 0.0], [0.0, 0.0]], the Hessian is [[2.0, 4.0], [4.0, 8.0]]
# right: pitfalls/functional_over_parameters/func_right.py
import torch

net = torch.nn.Linear(2, 1, bias=False)
torch.nn.init.ones_(net.weight)
x = torch.tensor([[1.0, 2.0]])
params = dict(net.named_parameters())
hessians = torch.func.hessian(lambda params: net(x).pow(2).sum())(params)
#! DeprecationWarning: `torch.jit.script` is deprecated. Please switch to `torch.compile` or
#!   `torch.export`.
hessian = hessians["weight"]["weight"].reshape(2, 2).tolist()
print(hessian)
#> [[0.0, 0.0], [0.0, 0.0]]
