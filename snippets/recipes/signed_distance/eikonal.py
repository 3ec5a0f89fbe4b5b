# --8<-- [start:loss]
"""Gradients of a neural field, and the eikonal loss that makes it a signed distance."""

import contextlib
from collections.abc import Callable

import torch
from torch import Tensor

Field = Callable[[Tensor], Tensor]


def eikonal_loss(gradient: Tensor) -> Tensor:
    """Return the mean of (|gradient| - 1)^2, for gradients (n, d).

    Gropp et al., Implicit geometric regularization, ICML 2020, equation 2.
    """
    return (torch.linalg.vector_norm(gradient, dim=-1) - 1).square().mean()


def _full_precision(points):
    kind = points.device.type
    if torch.amp.is_autocast_available(kind):
        return torch.autocast(kind, enabled=False)
    return contextlib.nullcontext()


def _values(field, points):
    f = field(points)
    if points.dim() != 2 or f.shape not in {(len(points),), (len(points), 1)}:
        raise ValueError(
            "the field maps points (n, d) to values (n,) or (n, 1), not "
            f"{tuple(points.shape)} to {tuple(f.shape)}"
        )
    return f.reshape(-1)


# --8<-- [end:loss]
# --8<-- [start:gradient]
def field_gradient(field: Field, points: Tensor) -> tuple[Tensor, Tensor]:
    """Return a field's values (n,) and its gradient (n, d) at points (n, d).

    Runs in the precision of the points, under autocast too. Under
    torch.no_grad the result has no graph, as for rendering. The field
    must treat each point by itself. Raises ValueError for other shapes,
    and RuntimeError if the gradient could not be trained.
    """
    keep = torch.is_grad_enabled()
    with torch.enable_grad(), _full_precision(points):
        x = points if points.requires_grad else points.detach().requires_grad_()
        f = _values(field, x)
        g = None
        if f.requires_grad:
            (g,) = torch.autograd.grad(
                f.sum(), x, create_graph=keep, retain_graph=keep, allow_unused=True
            )
    if g is None:
        raise RuntimeError(
            "the field has no gradient with respect to its points: is an "
            "encoding under no_grad, or built without input gradients?"
        )
    if keep and not g.requires_grad:
        raise RuntimeError(
            "the gradient of the field is a constant, which nothing can train: "
            "does an encoding lack a second derivative? Use difference_gradient"
        )
    return (f, g) if keep else (f.detach(), g)


# --8<-- [end:gradient]
# --8<-- [start:differences]
def difference_gradient(field: Field, points: Tensor, step: float) -> Tensor:
    """Return the gradient (n, d) by central differences, in 2 d evaluations.

    Training it needs first derivatives only. The error is of order step
    squared for a smooth field. Raises ValueError for other shapes.
    """
    n, d = points.shape
    offsets = step * torch.eye(d, dtype=points.dtype, device=points.device)
    around = torch.cat([points[:, None] + offsets, points[:, None] - offsets])
    with _full_precision(points):
        ahead, behind = _values(field, around.reshape(-1, d)).reshape(2, n, d)
    return (ahead - behind) / (2 * step)
# --8<-- [end:differences]
