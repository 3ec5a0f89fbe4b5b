"""The Laplacian of a network in one forward pass, which can be trained."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.func import jvp
from torch.nn import functional as F

# --8<-- [start:carried]
# Functions of each entry by itself that have a second derivative.
SMOOTH = {torch.tanh, torch.sigmoid, torch.sin, torch.cos, torch.exp}
SMOOTH |= {torch.log, torch.sqrt, F.tanh, F.sigmoid, F.silu, F.gelu}
SMOOTH |= {F.softplus, F.mish}


@dataclass(frozen=True)
class Carried:
    """k functions of points (n, d), and what their Laplacian needs.

    value and laplacian are (n, k), jacobian is (d, n, k). Source: Li et
    al., Nature Machine Intelligence 6, 2024.
    """

    value: Tensor
    jacobian: Tensor
    laplacian: Tensor

    @classmethod
    def coordinates(cls, points: Tensor) -> Carried:
        """Return the coordinates of points (n, d) as d functions."""
        n, d = points.shape
        axes = torch.eye(d, dtype=points.dtype, device=points.device)
        axes = axes[:, None].expand(d, n, d)
        return cls(points, axes, torch.zeros_like(points))

    def linear(self, weight: Tensor, bias: Tensor | None = None) -> Carried:
        """Mix the functions by weight (m, k), and add bias (m,)."""
        value = F.linear(self.value, weight, bias)
        jacobian = F.linear(self.jacobian, weight)
        laplacian = F.linear(self.laplacian, weight)
        return type(self)(value, jacobian, laplacian)

    def apply(self, function: Callable[[Tensor], Tensor]) -> Carried:
        """Apply a smooth function of each entry by itself."""
        z = self.value if torch.is_grad_enabled() else self.value.detach()
        one = (torch.ones_like(z),)
        with torch.enable_grad():  # SiLU has no second derivative without
            slope = lambda z: jvp(function, (z,), one)
            (value, first), (_, second) = jvp(slope, (z,), one)
        bend = second * self.jacobian.square().sum(0)
        laplacian = first * self.laplacian + bend
        return type(self)(value, first * self.jacobian, laplacian)


# --8<-- [end:carried]
# --8<-- [start:field]
class Field(Carried):
    """What a network can be called with, in place of points.

    Linear layers, sums, products and what SMOOTH names are known, and
    another function of torch raises TypeError.
    """

    def __add__(self, other: Field | float) -> Field:
        if not isinstance(other, Field):
            value = self.value + self.constant(other)
            return Field(value, self.jacobian, self.laplacian)
        pairs = zip(vars(self).values(), vars(other).values(), strict=True)
        return Field(*(a + b for a, b in pairs))

    def __mul__(self, other: Field | float) -> Field:
        if not isinstance(other, Field):
            other, parts = self.constant(other), vars(self).values()
            return Field(*(other * part for part in parts))
        a, b, mixed = self, other, (self.jacobian * other.jacobian).sum(0)
        first = a.value * b.jacobian + b.value * a.jacobian
        second = a.value * b.laplacian + b.value * a.laplacian + 2 * mixed
        return Field(a.value * b.value, first, second)

    __radd__, __rmul__ = __add__, __mul__

    def constant(self, other: float | Tensor) -> float | Tensor:
        """Return a number, or a tensor with one for each function (k,)."""
        allowed = (), self.value.shape[1:]
        if isinstance(other, Tensor) and other.shape not in allowed:
            raise TypeError(
                f"a tensor of shape {tuple(other.shape)} may depend on the "
                "points: make it a Field"
            )
        return other

    @classmethod
    def __torch_function__(cls, function, types, args=(), kwargs=None):
        (field, *more), options = args, kwargs or {}
        if function is F.linear:
            return field.linear(*more, **options)
        if function in SMOOTH:
            return field.apply(lambda z: function(z, *more, **options))
        raise TypeError(
            f"a forward Laplacian has no rule for {function.__name__}: it "
            "knows linear layers, sums, products and what SMOOTH names"
        )


# --8<-- [end:field]
# --8<-- [start:along]
Function = Callable[[Tensor], Tensor]


def second_along(f: Function, points: Tensor, v: Tensor) -> Tensor:
    """Return the second derivative of f at points (n, d) along v (n, d).

    This is Taylor mode of order two, as forward mode in forward mode. The
    function must treat each point by itself.
    """
    slope = lambda x: jvp(f, (x,), (v,))[1]
    return jvp(slope, (points,), (v,))[1]


def estimate(f: Function, points: Tensor) -> Tensor:
    """Return an estimate without bias of the Laplacian of f at points (n, d).

    It takes a random vector of signs for each point (Hutchinson 1989). For
    the square of a residual, multiply two estimates.
    """
    signs = 2 * torch.randint_like(points, 2) - 1
    return second_along(f, points, signs)


# --8<-- [end:along]
