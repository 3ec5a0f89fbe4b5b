import torch
from torch.func import grad


def f(t):
    one = torch.ones_like(t)
    return torch.linalg.det(torch.stack([t, one, one, 3 * t]).reshape(2, 2))


t = torch.tensor(1.0, dtype=torch.float64)
first = round(grad(f)(t).item(), 4)
second = round(grad(grad(f))(t).item(), 4)
print("first:", first, "second:", second)
#> first: 6.0 second: 6.0
