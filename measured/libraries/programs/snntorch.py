"""The surrogate gradients of spikes: is the derivative of a surrogate that of its formula?

Spikes are steps, so a difference of them says nothing. The difference of the gradient does.
"""

import torch
from snntorch import surrogate

from measured.libraries.inside import once

potential = torch.tensor([0.3, -0.2, 0.7])


def gradient(spike):
    potential.requires_grad_()
    return torch.autograd.grad(spike(potential).sum(), potential, create_graph=True)[0]


for name in ("fast_sigmoid", "atan", "sigmoid", "triangular", "straight_through_estimator"):
    spike = getattr(surrogate, name)()
    once(name, lambda s=spike: gradient(s), [potential])
