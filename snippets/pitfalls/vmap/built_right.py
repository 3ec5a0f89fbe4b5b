import torch
from torch.func import grad


def f(x):
    pair = torch.stack([x[0], 2 * x[1]])
    return pair.prod() ** 2


x = torch.tensor([2.0, 2.0])
slope = grad(f)(x).tolist()
print(slope)
#> [64.0, 64.0]
