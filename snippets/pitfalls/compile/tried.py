import torch


def loss(net, x):
    x = x.detach().requires_grad_()
    plain = getattr(net, "_orig_mod", net)
    slope = torch.autograd.grad(plain(x).sum(), x, create_graph=True)[0]
    return net(x).mean() + 5 * slope.square().flatten(1).sum(dim=1).mean()
