import torch
from torch.func import grad


def f(x):
    return x**2 * x


slope = grad(f)(torch.tensor(2.0)).item()
print(slope)
#> 12.0
