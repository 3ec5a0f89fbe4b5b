"""The trace and the largest eigenvalue of a Hessian, against one made of differences."""

import torch
from pyhessian import hessian

from measured.libraries.inside import hvp, same

net = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.Tanh(), torch.nn.Linear(4, 2))
loss_of = torch.nn.CrossEntropyLoss()
x, y = torch.randn(5, 3), torch.randint(2, (5,))
weights = list(net.parameters())


def gradient():
    return torch.autograd.grad(loss_of(net(x), y), weights)


def dense():
    units = torch.eye(sum(p.numel() for p in weights))
    sizes = [p.numel() for p in weights]
    rows = [
        [part.view_as(p) for part, p in zip(unit.split(sizes), weights, strict=True)]
        for unit in units
    ]
    return torch.stack([torch.cat([p.flatten() for p in hvp(gradient, weights, r)]) for r in rows])


def largest():
    torch.manual_seed(0)
    return hessian(net, loss_of, data=(x, y), cuda=False).eigenvalues(maxIter=2000, tol=1e-9)[0][0]


def truth():
    values = torch.linalg.eigvalsh(dense())
    return values[values.abs().argmax()]


def trace():
    """Of one random vector of signs."""
    found = hessian(net, loss_of, data=(x, y), cuda=False)
    torch.manual_seed(0)
    return found.trace(maxIter=1)[0]


def probed():
    torch.manual_seed(0)
    signs = [torch.randint_like(p, 2) * 2.0 - 1.0 for p in weights]
    return sum((s * h).sum() for s, h in zip(signs, hvp(gradient, weights, signs), strict=True))


same("eigenvalues", largest, truth)
same("trace, of one sample", trace, probed)
