import torch
from torch.nn.attention import SDPBackend, sdpa_kernel


def loss(net, x):
    x = x.detach().requires_grad_()
    with sdpa_kernel(SDPBackend.MATH):
        u = net(x)
    slope = torch.autograd.grad(u.sum(), x, create_graph=True)[0]
    return u.mean() + 5 * slope.square().flatten(1).sum(dim=1).mean()
