"""Flow, divergence and Hamiltonian velocity, by SciPy, NumPy and closed forms."""

import importlib.util
from itertools import product
from pathlib import Path

import numpy as np
import pytest
import torch
from scipy.linalg import expm

FILE = Path(__file__).parents[2] / "snippets/recipes/flows_and_neural_odes/flow.py"
spec = importlib.util.spec_from_file_location("flow", FILE)
tool = importlib.util.module_from_spec(spec)
spec.loader.exec_module(tool)

POINTS = np.random.default_rng(0).normal(size=(3, 2))


def curved(t, x, a, cat=torch.stack, sin=torch.sin):
    """A velocity without a symmetry, in PyTorch or NumPy."""
    return cat([sin(a * x[:, 1]) + t * x[:, 0], a * x[:, 0] * x[:, 1]], 1)


def end_of(x, a, steps=200):
    """Where the points end, by Runge and Kutta in NumPy."""

    def f(t, x):
        return curved(t, x, a, np.stack, np.sin)

    h = 1 / steps
    for step in range(steps):
        t = step * h
        k1 = f(t, x)
        k2 = f(t + h / 2, x + h / 2 * k1)
        k3 = f(t + h / 2, x + h / 2 * k2)
        k4 = f(t + h, x + h * k3)
        x = x + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
    return x


def change_of(x, a, e=1e-5):
    """Minus the logarithm of the determinant of the flow's Jacobian, by differences."""
    J = np.stack([(end_of(x + e * u, a) - end_of(x - e * u, a)) / (2 * e) for u in np.eye(2)], 1)
    return -np.log(np.abs(np.linalg.det(J)))


@pytest.mark.parametrize(("dtype", "near"), [(torch.float32, 1e-5), (torch.float64, 1e-7)])
def test_linear(dtype, near):
    """The flow of a matrix is its exponential, and the log-density falls by the trace."""
    A = torch.tensor([[0.3, -1.0], [2.0, 0.4]], dtype=dtype)
    x = torch.tensor(POINTS, dtype=dtype)
    end, change = tool.flow(lambda t, x: x @ A.T, x, steps=50)
    assert end.dtype == change.dtype == dtype
    exact = POINTS @ expm([[0.3, -1.0], [2.0, 0.4]]).T
    assert end.detach().numpy() == pytest.approx(exact, abs=10 * near)
    assert change.tolist() == pytest.approx([-0.7] * 3, abs=near)


def test_curved():
    """Points, log-densities and their derivative in a parameter are those of NumPy."""
    a = torch.tensor(0.8, dtype=torch.float64, requires_grad=True)
    end, change = tool.flow(lambda t, x: curved(t, x, a), torch.tensor(POINTS), steps=40)
    assert end.detach().numpy() == pytest.approx(end_of(POINTS, 0.8), abs=1e-6)
    assert change.tolist() == pytest.approx(change_of(POINTS, 0.8).tolist(), abs=1e-6)
    (slope,) = torch.autograd.grad(change.sum(), a)
    truth = (change_of(POINTS, 0.801).sum() - change_of(POINTS, 0.799).sum()) / 0.002
    assert slope.item() == pytest.approx(truth, rel=1e-4)


def test_probe():
    """The mean over all signs is the exact divergence, and one of them is not."""
    x = torch.tensor(POINTS)
    A = torch.tensor([[0.3, -1.0], [2.0, 0.4]], dtype=torch.float64)
    found = [
        tool.divergence(lambda t, x: x @ A.T, 0, x, torch.tensor(POINTS * 0 + signs))[1]
        for signs in product([-1, 1], repeat=2)
    ]
    assert (sum(found) / 4).tolist() == pytest.approx([0.7] * 3)
    assert found[0].tolist() != pytest.approx([0.7] * 3, abs=0.1)


def test_no_grad():
    """Under no_grad it gives the same, and no graph."""
    a, x = torch.tensor(0.8, requires_grad=True), torch.tensor(POINTS)
    kept = tool.flow(lambda t, x: curved(t, x, a), x)
    with torch.no_grad():
        found = tool.flow(lambda t, x: curved(t, x, a), x)
    for one, other in zip(found, kept, strict=True):
        assert torch.equal(one, other.detach())
        assert other.requires_grad
        assert not one.requires_grad


def test_hamiltonian():
    """The pendulum's velocity, its derivative in a parameter, and a flow without divergence."""
    a = torch.tensor(0.8, dtype=torch.float64, requires_grad=True)
    x = torch.tensor(POINTS)
    q, p = POINTS.T

    def energy(x):
        return x[:, 1] ** 2 / 2 - a * torch.cos(x[:, 0])

    v = tool.hamiltonian(energy)(0, x)
    assert v.detach().numpy() == pytest.approx(np.stack([p, -0.8 * np.sin(q)], 1))
    (slope,) = torch.autograd.grad(v.pow(2).sum(), a)
    assert slope.item() == pytest.approx((2 * 0.8 * np.sin(q) ** 2).sum())
    end, change = tool.flow(tool.hamiltonian(energy), x, steps=100)
    assert change.abs().max() < 1e-12
    assert torch.allclose(energy(end), energy(x), atol=1e-7)


def test_errors():
    """It raises for a velocity of another shape, and for one or an energy that was cut."""
    x = torch.ones(2, 2)
    with pytest.raises(ValueError, match=r"shape \(2,\) for points of shape \(2, 2\)"):
        tool.flow(lambda t, x: x.sum(1), x)
    with pytest.raises(ValueError, match="velocity does not depend on x"):
        tool.flow(lambda t, x: x.detach(), x)
    with pytest.raises(ValueError, match="energy does not depend on x"):
        tool.flow(tool.hamiltonian(lambda x: x.detach().sum(1)), x)
    w = torch.ones((), requires_grad=True)
    with pytest.raises(RuntimeError, match="not have been used"):
        tool.flow(lambda t, x: w * x.detach(), x)


def network():
    torch.manual_seed(0)
    net = torch.nn.Sequential(
        torch.nn.Linear(2, 16),
        torch.nn.LayerNorm(16),
        torch.nn.SiLU(),
        torch.nn.Linear(16, 16),
        torch.nn.Tanh(),
        torch.nn.Linear(16, 2),
    )
    net[3].requires_grad_(False)
    return net


def test_meta_and_autocast():
    """It runs without numbers; under autocast, the state keeps its dtype."""
    field = torch.nn.Linear(2, 2, device="meta")
    end, change = tool.flow(lambda t, x: field(x), torch.ones(3, 2, device="meta"))
    assert (end.shape, change.shape, end.device.type) == ((3, 2), (3,), "meta")
    net, x = network(), torch.tensor(POINTS).float()
    exact, exact_change = tool.flow(lambda t, x: net(x), x)
    with torch.autocast("cpu", torch.bfloat16):
        end, change = tool.flow(lambda t, x: net(x), x)
    assert end.dtype == change.dtype == torch.float32
    assert torch.allclose(end, exact, atol=0.02)
    assert torch.allclose(change, exact_change, atol=0.02)


def test_compiled():
    """What AOTAutograd compiled can be evaluated under no_grad, and raises in training."""
    torch._dynamo.reset()
    net, x = network(), torch.tensor(POINTS).float()
    compiled = torch.compile(net, backend="aot_eager")
    with torch.no_grad():
        _, change = tool.flow(lambda t, x: compiled(x), x, steps=2)
        _, exact = tool.flow(lambda t, x: net(x), x, steps=2)
    assert torch.allclose(change, exact, atol=1e-6)
    with pytest.raises(RuntimeError, match="does not currently support double backward"):
        tool.flow(lambda t, x: compiled(x), x, steps=2)[1].sum().backward()


def test_training():
    """A flow with a frozen layer learns a normal distribution, of which the entropy is known."""
    net = network()
    frozen = net[3].weight.clone()
    x = 0.5 * torch.randn(256, 2, generator=torch.Generator().manual_seed(1))
    optimizer = torch.optim.Adam([p for p in net.parameters() if p.requires_grad], lr=2e-2)
    losses = []
    for _ in range(40):
        z, change = tool.flow(lambda t, x: net(x), x, t0=1.0, t1=0.0, steps=4)
        loss = (z.pow(2).sum(1) / 2 + np.log(2 * np.pi) + change).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    entropy = 1 + np.log(2 * np.pi * 0.25)
    assert losses[0] > entropy + 0.2
    assert losses[-1] == pytest.approx(entropy, abs=0.12)
    assert torch.equal(net[3].weight, frozen)
