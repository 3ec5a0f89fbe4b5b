import math

import torch


def sinc(x):
    z = math.pi * x
    small = z.abs() < 0.05
    safe = torch.where(small, 1.0, z)
    series = 1 - z**2 / 6 + z**4 / 120 - z**6 / 5040
    return torch.where(small, series, safe.sin() / safe)


x = torch.tensor(0.0, dtype=torch.float64, requires_grad=True)
first = torch.autograd.grad(sinc(x), x, create_graph=True)[0]
second = round(torch.autograd.grad(first, x)[0].item(), 2)
print("first:", first.item(), "second:", second)
#> first: 0.0 second: -3.29
