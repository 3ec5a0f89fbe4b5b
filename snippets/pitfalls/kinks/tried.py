import torch


def loss(net, x, y):
    x = x.detach().requires_grad_()
    u = net(x)
    positive = u > 0
    # --8<-- [mark]
    safe = torch.where(positive, u, 1.0)
    power = torch.where(positive, safe**1.5, 0.0)
    slope = torch.autograd.grad(power.sum(), x, create_graph=True)[0]
    return ((u - y) ** 2).mean() + slope.pow(2).flatten(1).sum(dim=1).mean()
