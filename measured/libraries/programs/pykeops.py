"""Sums over pairs that are never stored, with respect to points and weights."""

import torch
from pykeops.torch import LazyTensor

from measured.libraries.inside import twice

x, y, b = torch.randn(5, 2), torch.randn(6, 2), torch.randn(6, 1)


def lazy(what):
    xi, yj, bj = LazyTensor(x[:, None, :]), LazyTensor(y[None, :, :]), LazyTensor(b[None, :, :])
    distance = ((xi - yj) ** 2).sum(-1)
    if what == "sum":
        return ((-distance).exp() * bj).sum(dim=1)
    return (-distance).logsumexp(dim=1) if what == "logsumexp" else distance.min(dim=1)


for what in ("sum", "logsumexp", "min"):
    twice(f"LazyTensor, {what}", lambda w=what: lazy(w), [x, y, b][: 3 if what == "sum" else 2])
