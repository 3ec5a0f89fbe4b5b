import torch


def loss(net, x):
    x = x.detach().requires_grad_()
    hook = x.register_hook(lambda grad: 0.1 * grad)
    u = net(x)
    slope = torch.autograd.grad(u.sum(), x, create_graph=True)[0]
    hook.remove()
    return u.mean() + 5 * slope.square().flatten(1).sum(dim=1).mean()
