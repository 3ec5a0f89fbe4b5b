"""The solution of a quadratic program, with respect to its coefficients."""

import torch
from qpth.qp import QPFunction

from measured.libraries.inside import twice

root, p = torch.randn(3, 3), torch.randn(3)
G, h = torch.randn(2, 3), torch.rand(2) + 0.5
none = torch.empty(0)


def solution(**options):
    Q = root @ root.T + torch.eye(3)
    return QPFunction(verbose=-1, eps=1e-14, maxIter=50, **options)(Q, p, G, h, none, none)


twice("QPFunction", solution, [root, p, G, h])


def by_conditions():
    """The solution of the active constraints' linear system, which autograd knows."""
    with torch.no_grad():
        active = (G @ solution()[0] - h).abs() < 1e-6
    A, c = G[active], h[active]
    Q = root @ root.T + torch.eye(3)
    top = torch.cat([Q, A.T], dim=1)
    bottom = torch.cat([A, torch.zeros(len(A), len(A))], dim=1)
    return torch.linalg.solve(torch.cat([top, bottom]), torch.cat([-p, c]))[:3]


twice("the active constraints, by torch.linalg.solve", by_conditions, [root, p, G, h])
