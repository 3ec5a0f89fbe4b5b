"""Distances between neighbors in a periodic box, with respect to positions and box."""

import torch
from vesin_torch import NeighborList

from measured.libraries.inside import twice

points, box = 3 * torch.rand(8, 3), 3 * torch.eye(3) + 0.1 * torch.randn(3, 3)
neighbors = NeighborList(cutoff=1.3, full_list=True)


def found(quantities):
    """What the library computes, as of the positions and the box."""
    return neighbors.compute(points=points, box=box, periodic=True, quantities=quantities)


def anew():
    """The vectors from the library's pairs and shifts, which are whole numbers."""
    i, j, shifts = neighbors.compute(
        points=points.detach(), box=box.detach(), periodic=True, quantities="ijS"
    )
    return points[j] - points[i] + shifts.to(box) @ box


twice("distances, 'd'", lambda: found("d")[0], [points, box])
twice("vectors, 'D'", lambda: found("D")[0], [points, box])
twice("distances of these vectors", lambda: found("D")[0].norm(dim=1), [points, box])
twice("distances from 'ijS', computed anew", lambda: anew().norm(dim=1), [points, box])
