# --8<-- [start:hessian]
"""Products with the curvature of a network's loss, without its matrix."""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

# Multiplies by a symmetric matrix: tensors shaped as the parameters go in,
# and come out.
Product = Callable[[Sequence[Tensor]], list[Tensor]]


def hessian(loss: Tensor, params: Sequence[Tensor]) -> Product:
    """Return v -> H v, with H the Hessian of a loss (Pearlmutter 1994).

    params: tensors that require a gradient. Raises ValueError if the
    gradient depends on none of them.
    """
    g = torch.autograd.grad(loss, params, create_graph=True)
    bent = [one for one in g if one.requires_grad]
    if not bent:
        raise ValueError(
            "the gradient does not depend on the parameters: the loss is "
            "linear in them, or a part of it was detached"
        )

    def product(v):
        pairs = zip(v, g, strict=True)
        along = [x for x, one in pairs if one.requires_grad]
        return list(
            torch.autograd.grad(
                bent, params, along, retain_graph=True, materialize_grads=True
            )
        )

    return product
# --8<-- [end:hessian]


# --8<-- [start:gauss_newton]
def gauss_newton(
    loss: Tensor, outputs: Tensor, params: Sequence[Tensor]
) -> Product:
    """Return v -> J' B J v, with J the Jacobian of the outputs with respect
    to the parameters, and B the Hessian of the loss with respect to the
    outputs (Schraudolph 2002).

    outputs: any shape, and the loss is computed from them. For the mean
    cross entropy of logits this is the Fisher matrix (Martens 2020,
    section 9). Raises ValueError if the loss has no curvature in the
    outputs.
    """
    (r,) = torch.autograd.grad(loss, outputs, create_graph=True)
    if not r.requires_grad:
        raise ValueError(
            "the loss has no curvature in the outputs: it is linear in them, "
            "or a part of it was detached"
        )
    # Linear in u, so its derivative with respect to u is J, anywhere.
    u = torch.zeros_like(outputs, requires_grad=True)
    back = torch.autograd.grad(outputs, params, u, create_graph=True)

    def product(v):
        (Jv,) = torch.autograd.grad(back, u, v, retain_graph=True)
        (BJv,) = torch.autograd.grad(r, outputs, Jv, retain_graph=True)
        return list(
            torch.autograd.grad(outputs, params, BJv, retain_graph=True)
        )

    return product
# --8<-- [end:gauss_newton]


# --8<-- [start:solve]
def solve(
    product: Product,
    b: Sequence[Tensor],
    damping: float,
    tolerance: float = 1e-4,
    steps: int = 250,
) -> list[Tensor]:
    """Return x with (C + damping I) x = b, by conjugate gradients.

    tolerance: of the residual, relative to b. Raises RuntimeError if the
    curvature along a step is not positive, or after too many steps.
    """
    x = [torch.zeros_like(one) for one in b]
    r = p = [one.detach().clone() for one in b]
    left = _dot(r, r)
    goal = tolerance**2 * left
    for _ in range(steps):
        if left <= goal:
            return x
        pairs = zip(product(p), p, strict=True)
        q = [c.detach() + damping * one for c, one in pairs]
        curvature = _dot(p, q)
        if not curvature > 0:
            raise RuntimeError(
                f"curvature {curvature:.1e} along a step, with damping "
                f"{damping}: raise the damping, or use gauss_newton"
            )
        a = left / curvature
        x = [one + a * step for one, step in zip(x, p, strict=True)]
        r = [one - a * step for one, step in zip(r, q, strict=True)]
        left, before = _dot(r, r), left
        beta = left / before
        p = [one + beta * old for one, old in zip(r, p, strict=True)]
    if left <= goal:
        return x
    raise RuntimeError(
        f"no solution after {steps} steps: the residual is "
        f"{(left / goal) ** 0.5:.1e} times the tolerance"
    )
# --8<-- [end:solve]


# --8<-- [start:diagonal]
def diagonal(
    product: Product, params: Sequence[Tensor], samples: int = 1
) -> list[Tensor]:
    """Return an unbiased estimate of a matrix's diagonal, shaped as params.

    The mean of z * (C z), with signs z drawn at random (Bekas, Kokiopoulou
    and Saad 2007; AdaHessian takes one sample a step).
    """
    total = [torch.zeros_like(one) for one in params]
    for _ in range(samples):
        z = [torch.randint_like(one, 2) * 2 - 1 for one in params]
        for sum_, sign, Cz in zip(total, z, product(z), strict=True):
            sum_.add_(sign * Cz, alpha=1 / samples)
    return total


def _dot(a: Sequence[Tensor], b: Sequence[Tensor]) -> Tensor:
    return sum((x * y).sum() for x, y in zip(a, b, strict=True))
# --8<-- [end:diagonal]
