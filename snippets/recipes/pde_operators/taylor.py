"""Derivatives of any order along a line, by a Taylor series through the layers."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn.functional import linear

# --8<-- [start:taylor]
Series = list[Tensor]  # the coefficients of 1, t, t², …


def product(a: Series, b: Series) -> Series:
    """Return the series of a product."""
    return [sum(a[i] * b[k - i] for i in range(k + 1)) for k in range(len(a))]


def _integrate(slope: Series, u: Series, k: int) -> Tensor:
    """The coefficient k of y, where y' = slope u', from those before."""
    return sum(j * u[j] * slope[k - j] for j in range(1, k + 1)) / k


def tanh(u: Series) -> Series:
    """Return the series of tanh, from y' = (1 - y²) u'."""
    y, slope = [torch.tanh(u[0])], [1 - torch.tanh(u[0]) ** 2]
    for k in range(1, len(u)):
        y.append(_integrate(slope, u, k))
        slope.append(-sum(y[i] * y[k - i] for i in range(k + 1)))
    return y


def sine(u: Series) -> Series:
    """Return the series of sin, from s' = c u' and c' = -s u'."""
    s, c = [torch.sin(u[0])], [torch.cos(u[0])]
    for k in range(1, len(u)):
        s.append(_integrate(c, u, k))
        c.append(-_integrate(s, u, k))
    return s


def silu(u: Series) -> Series:
    """Return the series of u sigmoid(u)."""
    half = tanh([part / 2 for part in u])
    return product([part / 2 for part in u], [half[0] + 1, *half[1:]])


# The layers that are known; add your own, such as a sine layer.
RULES = {nn.Tanh: tanh, nn.SiLU: silu}


# --8<-- [end:taylor]
# --8<-- [start:derivatives]
def derivatives(
    layers: Sequence[nn.Module], points: Tensor, along: Tensor, order: int
) -> list[Tensor]:
    """Return the values and derivatives 1 to order at points (n, d), each (n, k).

    layers is an nn.Sequential of Linear and what RULES names, and along (d,)
    or (n, d) the direction of all derivatives. Raises TypeError for another
    layer, ValueError for an order below 1. Source: Griewank and Walther 2008,
    chapter 13.
    """
    if order < 1:
        raise ValueError(f"the order is {order}, and has to be at least 1")
    along = along.to(points).expand_as(points)
    u = [points, along, *[torch.zeros_like(points)] * (order - 1)]
    for layer in layers:
        if type(layer) is nn.Linear:
            head = layer(u[0])  # called, so that its hooks run
            u = [head, *(linear(part, layer.weight) for part in u[1:])]
        elif type(layer) in RULES:
            u = RULES[type(layer)](u)
        else:
            raise TypeError(f"no Taylor series for {type(layer).__name__}")
    factorial = 1
    for k, part in enumerate(u):
        factorial *= max(k, 1)
        u[k] = factorial * part
    return u


# --8<-- [end:derivatives]
# --8<-- [start:biharmonic]
def biharmonic(layers: Sequence[nn.Module], points: Tensor) -> Tensor:
    """Return u_xxxx + 2 u_xxyy + u_yyyy at points (n, 2), from four lines."""
    lines = torch.tensor([[1, 0], [0, 1], [1, 1], [1, -1]])
    x, y, up, down = (
        derivatives(layers, points, along, 4)[4] for along in lines
    )
    return 2 / 3 * (x + y) + (up + down) / 6
# --8<-- [end:biharmonic]
