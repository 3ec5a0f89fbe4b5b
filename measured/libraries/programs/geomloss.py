"""Losses between samples, with respect to the points and their weights."""

import torch
from geomloss import SamplesLoss

from measured.libraries.inside import twice

x, y = torch.rand(5, 2), torch.rand(6, 2)
for loss in ("gaussian", "laplacian", "energy"):
    measure = SamplesLoss(loss, p=2, blur=0.3, backend="tensorized")
    twice(f"SamplesLoss('{loss}')", lambda m=measure: m(x, y), [x, y])
exact = SamplesLoss("sinkhorn", p=2, blur=0.5, scaling=0.999, debias=False, backend="tensorized")
twice("SamplesLoss('sinkhorn', debias=False)", lambda: exact(x, y), [x, y])


def gaussian():
    """The same loss as SamplesLoss('gaussian'), in a line of PyTorch for each pair of samples."""
    within = sum(kernel(z, z).mean() for z in (x, y)) / 2
    return within - kernel(x, y).mean()


def kernel(a, b):
    return torch.exp(-((a[:, None] - b[None]) ** 2).sum(-1) / (2 * 0.3**2))


twice("the same as 'gaussian', in PyTorch", gaussian, [x, y])
