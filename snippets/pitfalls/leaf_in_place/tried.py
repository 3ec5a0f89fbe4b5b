import torch


def slope_penalty(net, x):
    x = x.detach().requires_grad_()
    u = net(x.clone())
    slope = torch.autograd.grad(
        u.sum(),
        x,
        create_graph=True,
    )[0]
    return u.mean() + slope.pow(2).mean()
