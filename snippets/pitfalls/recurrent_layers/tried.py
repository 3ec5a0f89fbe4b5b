import torch


def loss(net, x):
    x = x.detach().requires_grad_()
    with torch.backends.cudnn.flags(enabled=False):
        u = net(x)
    slope = torch.autograd.grad(u.sum(), x, create_graph=True)[0]
    return u.mean() + 5 * slope.square().flatten(1).sum(dim=1).mean()
