"""The Hessian's diagonal as second-order optimizers estimate it, against differences."""

import torch
from pytorch_optimizer import AdaHessian, SophiaH

from measured.libraries.inside import hvp, same

net = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.Tanh(), torch.nn.Linear(4, 1))
x, y = torch.randn(5, 3), torch.randn(5, 1)
weights = list(net.parameters())


def loss():
    return ((net(x) - y) ** 2).mean()


def gradient():
    return torch.autograd.grad(loss(), weights)


def probed():
    """Of one Rademacher vector: the vector times the Hessian times it."""
    torch.manual_seed(0)
    signs = [torch.randint_like(p, 2) * 2.0 - 1.0 for p in weights]
    products = hvp(gradient, weights, signs)
    return torch.cat([(s * h).flatten() for s, h in zip(signs, products, strict=True)])


def estimated(kind):
    optimizer = kind(weights, lr=0.1)
    optimizer.zero_grad()
    loss().backward(create_graph=True)
    torch.manual_seed(0)
    optimizer.zero_hessian(optimizer.param_groups, optimizer.state)
    optimizer.compute_hutchinson_hessian(
        optimizer.param_groups, optimizer.state, distribution="rademacher"
    )
    return torch.cat([optimizer.state[p]["hessian"].flatten() for p in weights])


for kind in (AdaHessian, SophiaH):
    same(f"{kind.__name__}, its diagonal from one sample", lambda k=kind: estimated(k), probed)
