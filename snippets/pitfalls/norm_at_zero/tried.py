import torch


def slopes(net, x):
    x = x.detach().requires_grad_()
    u = net(x)
    slope = torch.autograd.grad(u.sum(), x, create_graph=True)[0].flatten(1)
    return u, slope.to(torch.promote_types(slope.dtype, torch.float32))


# --8<-- [start:fixes]
def length(net, x):
    u, slope = slopes(net, x)
    length = torch.linalg.vector_norm(slope, dim=1)
    return u.mean() + (length - 1).pow(2).mean()


def epsilon(net, x):
    u, slope = slopes(net, x)
    length = (slope.pow(2).sum(dim=1) + 1e-6).sqrt()
    return u.mean() + (length - 1).pow(2).mean()


def squared(net, x):
    u, slope = slopes(net, x)
    return u.mean() + slope.pow(2).sum(dim=1).mean()


# --8<-- [end:fixes]
