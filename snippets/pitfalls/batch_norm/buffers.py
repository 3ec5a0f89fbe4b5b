import torch
from torch import nn
from torch.func import functional_call, grad

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(4, 8), nn.BatchNorm1d(8), nn.Linear(8, 1))
x = torch.randn(16, 4)


def loss(params):
    # --8<-- [mark]
    buffers = {name: b.clone() for name, b in net.named_buffers()}
    return functional_call(net, (params, buffers), (x,)).pow(2).mean()


params = dict(net.named_parameters())
by_func = grad(loss)(params)["0.weight"]
plain = torch.autograd.grad(net(x).pow(2).mean(), net[0].weight)[0]
agrees = torch.allclose(by_func, plain, atol=1e-6)
print("as by autograd.grad:", agrees)
#> as by autograd.grad: True
