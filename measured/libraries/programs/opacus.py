"""A gradient penalty through a module that records gradients of each sample."""

import torch
from opacus import GradSampleModule
from opacus.layers import DPLSTM

from measured.libraries.inside import same, twice

plain = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.Tanh(), torch.nn.Linear(4, 1))
x = torch.randn(5, 3)
sample = GradSampleModule(plain)
twice("GradSampleModule, autograd.grad", lambda: sample(x), [x])
plain = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.Tanh(), torch.nn.Linear(4, 1))


def loss(net):
    """A critic's loss with a gradient penalty."""
    gradient = torch.autograd.grad(net(x).sum(), x, create_graph=True)[0]
    return net(x).mean() + (gradient.norm(dim=1) - 1).pow(2).mean()


def sampled(**options):
    """The gradients of each sample that Opacus leaves, averaged: they are the loss's gradient."""
    net = GradSampleModule(plain, **options)
    loss(net).backward()
    found = torch.cat([p.grad_sample.mean(0).flatten() for p in net.parameters()])
    net.remove_hooks()
    return found


def truth():
    x.requires_grad_()
    gradients = torch.autograd.grad(loss(plain), list(plain.parameters()))
    return torch.cat([gradient.flatten() for gradient in gradients])


same("grad_sample of a gradient penalty", sampled, truth)
x.requires_grad_()
lstm = DPLSTM(3, 4, batch_first=True)
steps = torch.randn(2, 3, 3)
twice("DPLSTM", lambda: lstm(steps)[0], [steps, *lstm.parameters()])
