import torch
from torch.utils.checkpoint import checkpoint


def loss(net, x):
    x = x.detach().requires_grad_()
    u = checkpoint(net, x, use_reentrant=False)
    slope = torch.autograd.grad(u.sum(), x, create_graph=True)[0]
    return u.mean() + 5 * slope.square().flatten(1).sum(dim=1).mean()
