import torch
from torch import nn


def gradient(coefficient, penalty):
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 1))
    x = torch.randn(16, 2, requires_grad=True)
    y = net(x)
    slope = torch.autograd.grad(y.sum(), x, create_graph=True)[0].norm(dim=1)
    loss = (y - 5).pow(2).mean() + coefficient * penalty(slope).mean()
    loss.backward()
    return torch.cat([p.grad.flatten() for p in net.parameters()])


def square(slope):
    return slope**2


def hinge(slope):
    return torch.relu(slope - 1)


without = gradient(0, square)
print("square, 0.01:", torch.equal(gradient(1e-2, square), without))
#> square, 0.01: False
print("square, 1e-8:", torch.equal(gradient(1e-8, square), without))
#> square, 1e-8: True
print("hinge, 1:", torch.equal(gradient(1, hinge), without))
#> hinge, 1: True
