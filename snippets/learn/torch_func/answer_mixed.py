import torch
from torch.func import grad


def slope(f, x):
    return torch.autograd.grad(f(x), x, create_graph=True)[0]


def f(x):
    return x**3


def outer(x):
    return slope(f, x) ** 2


x = torch.tensor(1.0)
slope_of_outer = grad(outer)(x)
print(slope_of_outer)
#> tensor(36.)
