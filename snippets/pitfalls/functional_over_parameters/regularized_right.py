import torch
from torch.func import functional_call

net = torch.nn.Linear(2, 1, bias=False)
torch.nn.init.ones_(net.weight)
x = torch.tensor([[1.0, 2.0]])


def loss(weight):
    u = functional_call(net, {"weight": weight}, (x,))
    return u.pow(2).sum() + weight.pow(2).sum()


hessian = torch.autograd.functional.hessian(
    loss,
    net.weight,
    strict=True,
)
curvature = hessian.reshape(2, 2).trace().item()
print("curvature:", curvature)
#> curvature: 14.0
