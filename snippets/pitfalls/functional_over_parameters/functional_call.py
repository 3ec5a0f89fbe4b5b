import torch
from torch.func import functional_call

net = torch.nn.Linear(2, 1, bias=False)
torch.nn.init.ones_(net.weight)
x = torch.tensor([[1.0, 2.0]])


def loss(weight):
    return functional_call(net, {"weight": weight}, (x,)).pow(2).sum()


hessian = torch.autograd.functional.hessian(loss, net.weight).reshape(2, 2).tolist()
print(hessian)
#> [[2.0, 4.0], [4.0, 8.0]]
