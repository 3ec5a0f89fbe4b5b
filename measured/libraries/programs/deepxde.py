"""Derivatives of a network as DeepXDE takes them, with respect to points and weights."""

import deepxde
import torch

from measured.libraries.inside import once, same

deepxde.config.set_default_float("float64")
net = deepxde.nn.FNN([2, 5, 1], "tanh", "Glorot normal")
x = torch.randn(4, 2, requires_grad=True)


def slope():
    deepxde.gradients.clear()
    return deepxde.grad.jacobian(net(x), x, i=0, j=1)


def curvature():
    deepxde.gradients.clear()
    return deepxde.grad.hessian(net(x), x, i=0, j=1)


def slope_of(power):
    """The residual of a loss on two outputs, of which DeepXDE remembers derivatives."""
    y = net(x)
    return deepxde.grad.jacobian(y, x, i=0, j=0) ** power


weights = list(net.parameters())
once("jacobian", slope, [x, *weights])
once("hessian", curvature, [x, *weights])
once("jacobian in a PDE", lambda: slope_of(2), [x, *weights])


def by_difference(step=1e-5):
    up, down = (
        torch.autograd.grad(net(x + s * torch.tensor([[0.0, step]])).sum(), x)[0][:, 0]
        for s in (1, -1)
    )
    return (up - down) / (2 * step)


same("hessian, its value", lambda: curvature()[:, 0], by_difference)
