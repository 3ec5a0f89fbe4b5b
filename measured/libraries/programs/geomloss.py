"""Losses between samples, with respect to the points and their weights."""

import torch
from geomloss import SamplesLoss

from measured.libraries.inside import twice

x, y = torch.rand(5, 2), torch.rand(6, 2)
for loss in ("sinkhorn", "gaussian", "laplacian", "energy"):
    for backend in ("tensorized",):
        measure = SamplesLoss(loss, p=2, blur=0.3, scaling=0.99, backend=backend)
        twice(f"SamplesLoss('{loss}')", lambda m=measure: m(x, y), [x, y])
exact = SamplesLoss("sinkhorn", p=2, blur=0.5, scaling=0.999, debias=False, backend="tensorized")
twice("SamplesLoss('sinkhorn', debias=False, scaling=0.999)", lambda: exact(x, y), [x, y])
