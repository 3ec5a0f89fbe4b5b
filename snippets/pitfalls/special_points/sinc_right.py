import math

import torch


def sinc(x):
    z = math.pi * x
    small = z.abs() < 1
    near = torch.where(small, z, 0.0)
    far = torch.where(small, 1.0, z)
    series = sum(
        (-1) ** k * near ** (2 * k) / math.factorial(2 * k + 1)
        for k in range(9)
    )
    return torch.where(small, series, far.sin() / far)


x = torch.tensor(0.0, dtype=torch.float64, requires_grad=True)
first = torch.autograd.grad(sinc(x), x, create_graph=True)[0]
second = round(torch.autograd.grad(first, x)[0].item(), 2)
print("first:", first.item(), "second:", second)
#> first: 0.0 second: -3.29
