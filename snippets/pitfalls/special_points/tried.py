import torch


def sinc(x):
    z = torch.pi * x
    small = z.abs() < 0.05
    safe = torch.where(small, 1.0, z)
    series = 1 - z**2 / 6 + z**4 / 120 - z**6 / 5040
    return torch.where(small, series, safe.sin() / safe)


def loss(net, x):
    x = x.detach().requires_grad_()
    y = sinc(net(x)) + net(x)
    slope = torch.autograd.grad(y.sum(), x, create_graph=True)[0]
    return y.square().mean() + slope.square().mean()
