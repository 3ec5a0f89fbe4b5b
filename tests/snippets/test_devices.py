"""Oracles for docs/pitfalls/devices.md: the gradient that devices are compared by."""

import runpy

import numpy as np
import pytest
import torch

from measured.kit import ROOT


@pytest.fixture(scope="module")
def compare():
    """What the snippet defines, run here."""
    return runpy.run_path(str(ROOT / "snippets/pitfalls/devices/compare.py"))


def test_gradient_of_penalty(compare):
    """Differences of differences of the network's values, for each tenth weight."""
    net, x = compare["net"].double().requires_grad_(False), compare["x"].double()

    def penalty():
        flat, found = x.clone().view(-1), []
        for place in range(len(flat)):
            ends = []
            for sign in (1, -1):
                moved = flat.clone()
                moved[place] += sign * 1e-4
                ends.append(net(moved.view_as(x)).sum())
            found.append((ends[0] - ends[1]) / 2e-4)
        return torch.stack(found).square().sum().item()

    true, places = [], []
    start = 0
    for weight in net.parameters():
        flat = weight.view(-1)
        for place in range(0, len(flat), 10):
            ends = []
            for sign in (1, -2):
                flat[place] += sign * 1e-4
                ends.append(penalty())
            flat[place] += 1e-4
            true.append((ends[0] - ends[1]) / 2e-4)
            places.append(start + place)
        start += len(flat)
    assert compare["exact"][places].tolist() == pytest.approx(true, rel=1e-4, abs=1e-6)


def test_comparison_leaves_its_arguments_alone(compare):
    """Neither the network nor the batch gets a gradient, or another type."""
    x = torch.randn(2, 1, 4, 4)
    net = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(16, 1))
    compare["of_penalty"](net, x, "cpu", torch.float32)
    assert not x.requires_grad
    assert net[1].weight.grad is None
    assert net[1].weight.dtype == torch.float32


def test_hessian_on_a_basis(values):
    """Second differences of sum tanh(A x)^3 in NumPy."""
    torch.manual_seed(0)
    A, x = (torch.randn(*size).double().numpy() for size in ((3, 3), (3,)))

    def f(x):
        return (np.tanh(A @ x) ** 3).sum()

    step = np.eye(3) * 1e-4
    true = [
        [(f(x + a + b) - f(x + a - b) - f(x - a + b) + f(x - a - b)) / 4e-8 for a in step]
        for b in step
    ]
    found = values("pitfalls/devices/fixed_basis.py")["H"]
    assert np.array(found) == pytest.approx(np.array(true), rel=1e-3, abs=1e-4)
