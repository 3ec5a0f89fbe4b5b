"""Conjugate gradients that stop where the curvature is not positive."""

from collections.abc import Callable

import torch
from torch import Tensor


def direction(
    product: Callable[[Tensor], Tensor], b: Tensor, tolerance: float = 1e-3, steps: int = 100
) -> tuple[Tensor, float, str]:
    """Return x (n,) with H x close to b (n,), its relative residual, and why it stopped.

    product: v (n,) to H v, with H symmetric. Where the curvature p.Hp of a
    step is not above rounding, x is what the steps before it made, or b
    itself if there were none (Steihaug 1983, without his radius). So b.x is
    positive: with b = -gradient, x leads down. The residual is computed
    anew at the end, with one product more. Nothing is differentiated here, so
    neither b nor the products need be detached. Raises FloatingPointError if
    b or a product is not finite.
    """
    b = b.detach()
    x, r, p, why = torch.zeros_like(b), b, b, f"after {steps} steps"
    left = first = _finite(r @ r)
    for step in range(steps):
        if left <= tolerance**2 * first:  # before the division: 0 / 0 at the solution
            why = f"solved in {step} steps"
            break
        Hp = product(p).detach()  # or the next product would differentiate p as well
        curvature = _finite(p @ Hp)
        if curvature <= torch.finfo(b.dtype).eps * p.norm() * Hp.norm():
            why = f"curvature {curvature:.1e} in step {step + 1}"
            x = x if step else b
            break
        a = left / curvature
        x, r = x + a * p, r - a * Hp
        left, before = _finite(r @ r), left
        p = r + left / before * p
    off = (b - product(x).detach()).norm() / b.norm().clamp(min=torch.finfo(b.dtype).tiny)
    return x, off.item(), why


def _finite(number):
    if not number.isfinite():
        raise FloatingPointError("b or a product is not finite: overflow, or 0 / 0 in the loss")
    return number
