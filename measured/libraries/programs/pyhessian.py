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
    torch.manual_seed(0)
    return torch.tensor(
        hessian(net, loss_of, data=(x, y), cuda=False).trace(maxIter=4000, tol=0)
    ).mean()


same("eigenvalues", largest, truth)
same("trace, 4000 samples", trace, lambda: dense().trace())
