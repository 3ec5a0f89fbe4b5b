# --8<-- [start:derivatives]
"""Energies, forces and stress of a batch of periodic cells, and their pairs."""

from collections.abc import Callable

import torch
from torch import Tensor

Energy = Callable[[Tensor, Tensor], Tensor]


def energy_forces_stress(
    energy: Energy, positions: Tensor, cells: Tensor, batch: Tensor, training: bool
) -> tuple[Tensor, Tensor, Tensor]:
    """Return energies (B,), forces (N, 3) and symmetric stress tensors (B, 3, 3).

    energy maps positions (N, 3) and cells (B, 3, 3), whose rows are the vectors,
    to energies (B,); batch (N,) holds the structure of each atom. The stress is
    dE/dstrain over the volume (Knuth et al. 2015), negative if the
    cell wants to grow. Raises ValueError for other shapes or a flat cell, and
    RuntimeError if a derivative is missing, or could not be trained.
    """
    x, cells = positions.detach(), cells.detach()
    volume = torch.linalg.det(cells).abs()
    if not cells.is_meta and (volume == 0).any():
        raise ValueError("a cell without volume has no stress: give a molecule a large box")
    with torch.enable_grad():
        at = x.clone().requires_grad_(), cells.clone().requires_grad_()
        E = energy(*at)
        if E.shape != volume.shape:
            raise ValueError(f"an energy for each of {len(cells)} cells, not {tuple(E.shape)}")
        dE_dx, dE_dcells = torch.autograd.grad(
            E.sum(), at, create_graph=training, allow_unused=True
        )
        if dE_dx is None or dE_dcells is None:
            raise RuntimeError("the energy does not use the positions and cells that it is given")
        if training and not (dE_dx.requires_grad and dE_dcells.requires_grad):
            raise RuntimeError("forces or stress are constants: is the graph cut in the energy?")
        # A strain moves atoms and cells: x (1 + strain), cells (1 + strain).
        dE_dstrain = (cells.mT @ dE_dcells).index_add(
            0, batch, torch.einsum("na,nb->nab", x, dE_dx)
        )
        stress = (dE_dstrain + dE_dstrain.mT) / 2 / volume[:, None, None]
    return (E if training else E.detach()), -dE_dx, stress


# --8<-- [end:derivatives]
# --8<-- [start:pairs]
@torch.no_grad()
def neighbors(
    positions: Tensor, cells: Tensor, batch: Tensor, cutoff: float
) -> tuple[Tensor, Tensor, Tensor]:
    """Return the pairs closer than cutoff: indices i and j (P,), and cell shifts (P, 3).

    Each pair is there in both directions, and an atom is a neighbor of its own images.
    All pairs of a structure are tried. Raises ValueError if two atoms coincide.
    """
    found = []
    for structure, cell in enumerate(cells):
        (atoms,) = torch.where(batch == structure)
        x, inverse = positions[atoms], torch.linalg.inv(cell)
        fractions = x @ inverse
        spread = fractions.amax(0) - fractions.amin(0)
        reach = torch.ceil(cutoff * inverse.norm(dim=0) + spread).int().tolist()
        sides = [torch.arange(-r, r + 1, dtype=x.dtype, device=x.device) for r in reach]
        shifts = torch.cartesian_prod(*sides)
        apart = (x[None, :] - x[:, None])[:, :, None] + shifts @ cell
        near = apart.norm(dim=-1) < cutoff
        itself = torch.eye(len(x), dtype=torch.bool, device=x.device)
        near &= ~(itself[:, :, None] & (shifts == 0).all(1))
        i, j, s = torch.where(near)
        if (apart[i, j, s].norm(dim=-1) == 0).any():
            raise ValueError(f"two atoms of structure {structure} are at the same place")
        found.append((atoms[i], atoms[j], shifts[s]))
    i, j, shifts = (torch.cat(parts) for parts in zip(*found))
    return i, j, shifts


# --8<-- [end:pairs]
# --8<-- [start:distances]
def distances(
    positions: Tensor, cells: Tensor, batch: Tensor, pairs: tuple[Tensor, Tensor, Tensor]
) -> Tensor:
    """Return the distance of each pair (P,), differentiable in positions and cells."""
    i, j, shifts = pairs
    apart = positions[j] - positions[i]
    return (apart + torch.einsum("pa,pab->pb", shifts, cells[batch[i]])).norm(dim=1)


def envelope(r: Tensor, cutoff: float) -> Tensor:
    """Return (1 - (r / cutoff)^2)^3, which ends with two continuous derivatives."""
    return (1 - (r / cutoff) ** 2).clamp(min=0) ** 3


# --8<-- [end:distances]
