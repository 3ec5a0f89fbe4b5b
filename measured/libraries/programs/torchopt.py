"""The loss after an inner step of a differentiable optimizer, with respect to what came before."""

import torch
import torchopt

from measured.libraries.inside import once

x, y = torch.randn(5, 3), torch.randn(5, 1)
before = [torch.randn(3, 4), torch.randn(4, 1)]


def loss(weights):
    return ((torch.tanh(x @ weights[0]) @ weights[1] - y) ** 2).mean()


def after(optimizer, **options):
    """The loss after two inner steps, in the functional interface."""
    weights = tuple(weight.clone() for weight in before)
    state = optimizer.init(weights)
    for _ in range(2):
        gradients = torch.autograd.grad(loss(weights), weights, create_graph=True)
        updates, state = optimizer.update(gradients, state, **options)
        weights = torchopt.apply_updates(weights, updates, **options)
    return loss(weights)


for name in ("sgd", "adam", "rmsprop"):
    optimizer = getattr(torchopt, name)(lr=0.1)
    once(f"{name}, inplace=False", lambda o=optimizer: after(o, inplace=False), before)
once("sgd, inplace=True (the default)", lambda: after(torchopt.sgd(lr=0.1)), before)
