"""The derivatives of a root that a solver found, for an implicit or equilibrium layer."""

from collections.abc import Callable

import torch
from torch import Tensor


def attached(
    residual: Callable[[Tensor], Tensor], z: Tensor, *, order: int = 1, tolerance: float = 1e-3
) -> Tensor:
    """Return z (n, d), now with the derivatives of the root up to an order.

    residual(z) is zero at the root, (n, d) as well, and treats each row by
    itself; whatever else it uses is what z is differentiated by. For the
    layer z = f(z) it is f(z) - z. One step of Newton's method with a constant
    Jacobian gives the first derivative, and each further one an order more.
    Takes d gradients and n systems of d equations. Raises ValueError for
    other shapes or orders, and RuntimeError if a row is no root, relative to its size.
    """
    z = z.detach()
    with torch.enable_grad():
        at = z.clone().requires_grad_()
        r = residual(at)
        if z.dim() != 2 or r.shape != z.shape or order < 1:
            raise ValueError(
                f"z {tuple(z.shape)} and residual {tuple(r.shape)}, order {order}: both (n, d), "
                "and at least 1"
            )
        rows = [
            torch.autograd.grad(r[:, i].sum(), at, retain_graph=True)[0] for i in range(z.shape[1])
        ]
    J = torch.stack(rows, dim=1)  # (n, d, d), a constant
    off = torch.linalg.solve(J, r.detach()).norm(dim=1)
    if not bool((off <= tolerance * (1 + z.norm(dim=1))).all()):
        raise RuntimeError(
            f"z is no root: Newton's method would move a row by {off.max():.1e}. Let the solver "
            "run on, in float64 if it does not get closer"
        )
    for _ in range(order):
        z = z - torch.linalg.solve(J, residual(z))
    return z
