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


def gradient_of_residual():
    return torch.autograd.grad(residual(x), weights)


def dense(gradient=gradient):
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


def truth(gradient=gradient):
    values = torch.linalg.eigvalsh(dense(gradient))
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


def residual(x):
    """The loss of a differential equation, u'' = u."""
    x = x.detach().requires_grad_()
    (slope,) = torch.autograd.grad(net(x).sum(), x, create_graph=True)
    (second,) = torch.autograd.grad(slope.sum(), x, create_graph=True)
    return (second - net(x).sum(1, keepdim=True)).square().mean()


class Loss(torch.nn.Module):
    """A module that returns its loss; the criterion passes it on."""

    def __init__(self):
        super().__init__()
        self.net = net

    def forward(self, x):
        return residual(x)


def largest_of_residual():
    torch.manual_seed(0)
    found = hessian(Loss(), lambda loss, _: loss, data=(x, x), cuda=False)
    return found.eigenvalues(maxIter=5000, tol=1e-9)[0][0]


same("eigenvalues", largest, truth)
same("trace, of one sample", trace, probed)
same(
    "eigenvalues, of a module that returns its loss",
    largest_of_residual,
    lambda: truth(gradient_of_residual),
)
