"""Checks for the guide by symptoms: what a cut penalty changes, and what it does not."""

import torch
from torch import nn


def train(optimizer, coefficient, steps=5):
    """The weights after some steps, with a penalty whose gradient is a constant."""
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 1))
    x = torch.randn(16, 2, requires_grad=True)
    optimizer = optimizer(net.parameters())

    def loss():
        optimizer.zero_grad()
        y = net(x)
        slope = torch.autograd.grad(y.sum(), x, retain_graph=True)[0]  # cut
        total = (y - 5).pow(2).mean() + coefficient * slope.pow(2).sum(1).mean()
        total.backward()
        return total

    for _ in range(steps):
        optimizer.step(loss)
    return nn.utils.parameters_to_vector(net.parameters()).detach()


def test_a_line_search_reads_the_value_of_a_cut_penalty():
    """It moves other weights, where Adam moves the same."""

    def search(parameters):
        return torch.optim.LBFGS(parameters, line_search_fn="strong_wolfe")

    assert torch.equal(train(torch.optim.Adam, 10), train(torch.optim.Adam, 0))
    assert not torch.allclose(train(search, 10), train(search, 0))
