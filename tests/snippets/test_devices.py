"""Oracles for docs/pitfalls/devices.md: the gradient that devices are compared by."""

import numpy as np
import pytest
import torch


@pytest.fixture(scope="module")
def compare(report):
    """What the snippet defines, run here."""
    names = {}
    exec(report.verdicts["pitfalls/devices/compare.py"].snippet.text, names)
    return names


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


@pytest.mark.parametrize(
    ("mode", "shape"), [("bilinear", (1, 1, 2, 2)), ("trilinear", (1, 1, 2, 2, 2))]
)
def test_interpolation_asks_in_the_forward_pass(mode, shape):
    """Off the CPU, with the flag on, it is made of indexing; bicubic is not."""

    def node(mode, shape):
        x = torch.empty(shape, device="meta", requires_grad=True)
        return type(torch.nn.functional.interpolate(x, scale_factor=2, mode=mode).grad_fn).__name__

    assert node(mode, shape).startswith("Upsample")
    torch.use_deterministic_algorithms(True)
    try:
        assert not node(mode, shape).startswith("Upsample")
        assert node("bicubic", (1, 1, 2, 2)).startswith("Upsample")
    finally:
        torch.use_deterministic_algorithms(False)


def test_lists_of_deterministic_operations():
    """Which raise and which change, as PyTorch's documentation says."""
    text = torch.use_deterministic_algorithms.__doc__.partition("will act")[2]
    change, _, raising = text.partition("will throw a")
    for name in ("torch.index_add", "torch.index_select", "torch.gather", "scatter_add_"):
        assert name in change and name not in raising
    for name in ("grid_sample", "bicubic", "ReflectionPad2d", "AdaptiveAvgPool2d", "cumsum"):
        assert name in raising and name not in change
    assert "__getitem__` when attempting to differentiate a CPU tensor" in change
