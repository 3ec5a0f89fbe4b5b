"""The Hessian of a potential that gives forces and no graph."""

from collections.abc import Callable

import torch
from torch import Tensor


# --8<-- [start:hessian]
def hessian_of_forces(
    forces: Callable[[Tensor], Tensor], R: Tensor, step: float
) -> Tensor:
    """Return the energy's Hessian (3 n, 3 n) at R (n, 3), without a graph.

    Central differences of forces (n, 3), in 6 n evaluations. The step is in
    the units of R: 1e-4 in float64 and 3e-3 in float32 fit lengths of one.
    Raises ValueError for forces of another shape, and for forces that are
    the gradient of no energy, whose Hessian would not be symmetric.
    """
    rows = []
    for d in step * torch.eye(R.numel(), dtype=R.dtype, device=R.device):
        d = d.reshape(R.shape)
        ahead, behind = forces(R + d).detach(), forces(R - d).detach()
        if ahead.shape != R.shape:
            raise ValueError(
                f"forces are {tuple(ahead.shape)}, R is {tuple(R.shape)}"
            )
        rows.append((behind - ahead).flatten() / (2 * step))
    H = torch.stack(rows)
    if (H - H.T).norm() > 0.1 * H.norm():
        raise ValueError("not symmetric: no gradient, or a step too small")
    return (H + H.T) / 2


# --8<-- [end:hessian]
