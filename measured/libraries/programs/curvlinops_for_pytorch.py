"""Products with curvature matrices, against differences of the gradient."""

import torch
from curvlinops import GGNLinearOperator, HessianLinearOperator

from measured.libraries.inside import hvp, same

net = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.Tanh(), torch.nn.Linear(4, 2))
loss_of = torch.nn.CrossEntropyLoss()
batches = [(torch.randn(5, 3), torch.randint(2, (5,))), (torch.randn(3, 3), torch.randint(2, (3,)))]
weights = dict(net.named_parameters())
v = torch.randn(sum(p.numel() for p in net.parameters()))


def gradient():
    x, y = (torch.cat(parts) for parts in zip(*batches, strict=True))
    return torch.autograd.grad(loss_of(net(x), y), list(net.parameters()))


def parts(vector):
    split = vector.split([p.numel() for p in net.parameters()])
    return [part.view_as(p) for part, p in zip(split, net.parameters(), strict=True)]


def truth():
    return torch.cat([p.flatten() for p in hvp(gradient, net.parameters(), parts(v))])


def product(kind):
    parameters = weights
    try:
        operator = kind(net, loss_of, parameters, batches)
    except (TypeError, AttributeError):
        operator = kind(net, loss_of, list(net.parameters()), batches)
    return operator @ v


same("HessianLinearOperator", lambda: product(HessianLinearOperator), truth)
same("GGNLinearOperator, as a Hessian", lambda: product(GGNLinearOperator), truth)
