"""A hash grid in plain PyTorch, with a gradient that can be trained."""

from collections.abc import Sequence

import torch
from torch import Tensor


# --8<-- [start:encoding]
class HashGrid(torch.nn.Module):
    """Features (n, 2 levels) of points (n, 2), from hashed grids.

    Müller et al. 2022, in two dimensions. Points have the dtype and the
    device of the tables. Raises ValueError for points of another shape.
    """

    def __init__(
        self, resolutions: Sequence[int] = (16, 32), size: int = 2**12
    ) -> None:
        super().__init__()
        self.resolutions = tuple(resolutions)
        tables = torch.rand(len(self.resolutions), size, 2) - 0.5
        self.tables = torch.nn.Parameter(tables)

    def forward(self, x: Tensor) -> Tensor:
        if x.dim() != 2 or x.shape[1] != 2:
            raise ValueError(f"points are (n, 2), not {tuple(x.shape)}")
        features, both = [], torch.arange(2, device=x.device)
        for table, resolution in zip(self.tables, self.resolutions):
            at = x * resolution  # the chain rule brings this factor
            cell = at.detach().floor()
            u = at - cell
            total = 0
            for corner in torch.cartesian_prod(both, both):
                i, j = (cell.long() + corner).unbind(1)
                row = table[(i ^ j * 2654435761) % len(table)]
                weight = torch.where(corner.bool(), u, 1 - u).prod(1)
                total = total + weight[:, None] * row
            features.append(total)
        return torch.cat(features, 1)


# --8<-- [end:encoding]
