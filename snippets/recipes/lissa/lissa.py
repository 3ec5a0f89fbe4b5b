# --8<-- [start:product]
"""The LiSSA recursion: a Hessian's inverse times a vector, as in influence functions."""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

Vectors = Sequence[Tensor]


def hessian_product(loss: Tensor, weights: Vectors) -> Callable[[Vectors], list]:
    """Return a function from vectors, shaped like the weights, to the Hessian times them.

    It keeps the graph of the loss (). Its results have none. Raises
    RuntimeError if the gradient of the loss is a constant.
    """
    found = torch.autograd.grad(loss, weights, create_graph=True, materialize_grads=True)
    kept = [i for i, g in enumerate(found) if g.requires_grad]
    if not kept:
        raise RuntimeError("the loss is linear in the weights, or its gradient lost its graph")

    def product(h: Vectors) -> list:
        return list(
            torch.autograd.grad(
                [found[i] for i in kept],
                weights,
                [h[i].detach() for i in kept],
                retain_graph=True,
                materialize_grads=True,
            )
        )

    return product


# --8<-- [end:product]
# --8<-- [start:lissa]
@torch.no_grad()
def inverse_product(
    product: Callable[[Vectors], Vectors], v: Vectors, *, scale: float,
    damping: float = 0.0, steps: int = 5000, tolerance: float | None = 1e-4,
) -> list:
    """Return u with (H + scale damping I) u = v, for vectors v, by repeated products with H.

    Agarwal et al. 2017; Koh and Liang 2017, section 3. The relative residual
    is at most the tolerance. With None, all steps are taken, as for products
    of random batches, and nothing says how close u is. Raises ValueError for a
    scale or steps that are not positive, and RuntimeError if it diverges or
    needs more steps.
    """
    if scale <= 0 or not 0 <= damping < 2 or steps < 1:
        raise ValueError(
            f"scale {scale}, damping {damping}, {steps} steps: a positive scale, a damping in "
            "[0, 2), and at least one step"
        )

    def norm(vectors):
        return torch.stack([torch.linalg.vector_norm(t) for t in vectors]).norm().item()

    h, whole, least = [t.detach().clone() for t in v], norm(v), float("inf")
    for _ in range(steps):
        Hh = torch.enable_grad()(product)(h)
        off = [b - damping * x - y / scale for b, x, y in zip(v, h, Hh, strict=True)]
        size = norm(off)
        least = min(least, size)
        if tolerance is not None and size <= tolerance * whole:
            break
        if not size <= 1e3 * max(least, whole):
            raise RuntimeError(
                f"LiSSA diverges: the scale {scale} must be above the largest eigenvalue / "
                "(2 - damping), of each batch if they change, and scale * damping above minus "
                "the lowest"
            )
        h = [(x + r).detach() for x, r in zip(h, off, strict=True)]
    if tolerance is not None and not size <= tolerance * whole:
        raise RuntimeError(
            f"LiSSA has a residual of {size / whole:.1e} after {steps} steps: take more, "
            "a smaller scale that still converges, or more damping"
        )
    return [x / scale for x in h]
# --8<-- [end:lissa]
