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


def loss(net, x):
    x = x.detach().requires_grad_()
    y = sinc(net(x)) + net(x)
    slope = torch.autograd.grad(y.sum(), x, create_graph=True)[0]
    return y.square().mean() + slope.square().mean()
