# --8<-- [start:product]
"""The Hessian of a loss over all of a data set: its products, and its top eigenvalue."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

Vectors = Sequence[Tensor]
Product = Callable[[Vectors], list]


def data_product(loss_of: Callable, weights: Vectors, batches: Iterable[Any]) -> Product:
    """Return a function from vectors, shaped like the weights, to the Hessian times them.

    The Hessian is that of the mean over all samples: loss_of(batch) is the
    mean over a batch, a tensor with a row for each sample, or a tuple or
    dictionary whose first entry is one. Each call goes through all batches
    and keeps the graph of one, so batches is a list or a DataLoader. Raises
    ValueError if there are none, as in the second pass over an iterator, and
    for vectors of other shapes.
    """

    def product(v: Vectors) -> list:
        if [x.shape for x in v] != [w.shape for w in weights]:
            raise ValueError("the vectors do not have the shapes of the weights")
        total, count = [torch.zeros_like(w) for w in weights], 0
        for batch in batches:
            rows = _rows(batch)
            with torch.enable_grad():
                found = torch.autograd.grad(
                    loss_of(batch), weights, create_graph=True, materialize_grads=True
                )
                inner = sum((g * x.detach()).sum() for g, x in zip(found, v, strict=True))
            if inner.requires_grad:  # else this batch has no curvature
                parts = torch.autograd.grad(inner, weights, materialize_grads=True)
                total = [t + rows * part for t, part in zip(total, parts, strict=True)]
            count += rows
        if not count:
            raise ValueError("no batches: pass a list or a DataLoader, not an iterator of it")
        return [t / count for t in total]

    return product


def _rows(batch):
    while not isinstance(batch, Tensor):
        batch = next(iter(batch.values() if isinstance(batch, Mapping) else batch))
    return len(batch)


# --8<-- [end:product]
# --8<-- [start:top]
@torch.no_grad()
def top_eigenvalue(
    product: Product,
    weights: Vectors,
    *,
    steps: int = 500,
    tolerance: float = 1e-3,
    generator: torch.Generator | None = None,
) -> tuple[float, list]:
    """Return the eigenvalue of largest size, and its vector of length one, by power iteration.

    The residual |H v - value v| is at most the tolerance times the size of
    the value, which is then that close to an eigenvalue, and not to the
    largest if the start had too little of its vector. Raises RuntimeError
    if that is not reached in so many steps.
    """

    def dot(a, b):
        return sum((x * y).sum() for x, y in zip(a, b, strict=True))

    v = [
        torch.randn(w.shape, dtype=w.dtype, device=w.device, generator=generator)
        for w in weights
    ]
    for _ in range(steps):
        length = dot(v, v).sqrt()
        v = [x / length for x in v]
        Hv = product(v)
        value = dot(v, Hv)
        off = [y - value * x for x, y in zip(v, Hv, strict=True)]
        if dot(off, off).sqrt() <= tolerance * value.abs():
            return value.item(), v
        v = Hv
    raise RuntimeError(
        f"no eigenvalue after {steps} steps: does the product change between its calls, by "
        "new batches, augmentation, dropout or batch norm in train mode? Else two eigenvalues "
        "are close, or of opposite sign: take more steps, or Lanczos"
    )
# --8<-- [end:top]
