import torch
from torch.func import grad, vmap


def f(x):
    return torch.where(x > 0, x**3, x**2)


x = torch.tensor([1.0, -2.0, 3.0])
second = vmap(grad(grad(f)))(x).tolist()
print(second)
#> [6.0, 2.0, 18.0]
