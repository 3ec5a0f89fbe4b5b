import torch
from torch import nn

torch.manual_seed(0)
W = [nn.Linear(2, 32), nn.Linear(32, 32), nn.Linear(32, 1)]
omega = 30.0


def siren(x):
    for layer in W[:-1]:
        x = torch.sin(omega * layer(x))
    return W[-1](x)


def siren_gradient(x):
    """The gradient of siren at points (n, 2), as a network of cosines."""
    slopes = []
    for layer in W[:-1]:
        z = omega * layer(x)
        x = torch.sin(z)
        slopes.append(omega * torch.cos(z))
    g = W[-1].weight.expand(len(x), -1)
    for layer, slope in zip(reversed(W[:-1]), reversed(slopes)):
        g = (g * slope) @ layer.weight
    return g


x = torch.rand(5, 2, requires_grad=True)
by_hand = siren_gradient(x)
u = siren(x)
autograd = torch.autograd.grad(u.sum(), x, create_graph=True)[0]
values_agree = torch.allclose(by_hand, autograd, atol=1e-4)

weights = [layer.weight for layer in W]
first, second = (
    torch.autograd.grad((g**2).mean(), weights, retain_graph=True)
    for g in (by_hand, autograd)
)
weights_agree = all(
    torch.allclose(a, b, rtol=1e-3, atol=1e-4)
    for a, b in zip(first, second)
)
print("gradient:", values_agree, "training:", weights_agree)
#> gradient: True training: True
