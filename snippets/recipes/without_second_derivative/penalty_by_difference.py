# --8<-- [start:imports]
"""A gradient penalty that trains without a second derivative."""

from collections.abc import Callable

import torch
from torch import Tensor

Function = Callable[[Tensor], Tensor]
# --8<-- [end:imports]


# --8<-- [start:penalty_by_difference]
def penalty_by_difference(
    f: Function, x: Tensor, penalty: Function, step: float | None = None
) -> Tensor:
    """Return penalty(g), with g the gradient of f(x) with respect to x.

    f: maps (n, ...) to one number a sample, (n,) or (n, 1).
    penalty: maps g, shaped as x, to one number. It is differentiated once.
    step: how far to go from x, relative to 1 + its root mean square.

    The value is exact. Its gradient with respect to the parameters of f
    is a central difference of first derivatives along v = dpenalty/dg
    (section 2 of Pearlmutter 1994 has it for a Hessian). x gets no
    gradient. f is called three times with the same random numbers. Raises
    ValueError if f returns another shape, or fewer than 32 bits without a
    step, or does not depend on x.
    """
    x = x.detach().requires_grad_()
    y = _same_randomness(f, x)
    if y.shape not in ((len(x),), (len(x), 1)):
        raise ValueError(
            f"f must return one number a sample, ({len(x)},) or "
            f"({len(x)}, 1), and returned {tuple(y.shape)}"
        )
    if not y.requires_grad:
        raise ValueError("f(x) does not depend on x: it was detached")
    if step is None and torch.finfo(y.dtype).bits < 32:
        raise ValueError(
            f"differences of {y.dtype} are mostly rounding: compute the "
            "penalty in float32, outside autocast, or pass a step"
        )
    g = torch.autograd.grad(y.sum(), x)[0].requires_grad_()
    value = penalty(g)
    (v,) = torch.autograd.grad(value, g)

    size = torch.linalg.vector_norm(v) / v.numel() ** 0.5
    reach = step or torch.finfo(x.dtype).eps ** (1 / 3)
    x = x.detach()
    h = reach * (1 + x.pow(2).mean().sqrt())
    h = h / size.clamp_min(torch.finfo(x.dtype).tiny)  # v may be zero
    there = _same_randomness(f, x + h * v).sum()
    back = f(x - h * v).sum()
    slope = (there - back) / (2 * h)  # v'g
    return value.detach() + slope - slope.detach()
# --8<-- [end:penalty_by_difference]


# --8<-- [start:same_randomness]
def _same_randomness(f, x):
    """Call f, and put the random numbers back for the next call."""
    devices = [x.device] if x.is_cuda else []
    with torch.random.fork_rng(devices):
        return f(x)
# --8<-- [end:same_randomness]
