"""Oracles for the recipe on flows; its component has tests of its own."""

from math import exp

import numpy as np
import pytest
import torch

RECIPE = "recipes/flows_and_neural_odes.py"
FOLDER = "recipes/flows_and_neural_odes"


def test_adjoint(values):
    """Where y = y0 / (1 + a y0): the adjoint under no_grad drops the penalty's part, silently."""
    a, y = 0.5, 1.2
    of_y = -(y**2) / (1 + a * y) ** 2
    of_penalty = 2 / (1 + a * y) ** 2 * (-2 * y / (1 + a * y) ** 3)
    kept, cut = (values(f"{FOLDER}/adjoint_{name}.py") for name in ("kept", "cut"))
    assert kept["dL_da"] == pytest.approx(of_y + of_penalty, abs=2e-3)
    assert cut["dL_da"] == pytest.approx(of_y, abs=2e-3)


def test_jvp(values):
    """A loss of the function and its jvp, by differences; under no_grad, the jvp is a constant."""

    def loss(w, inner):
        return (-inner * exp(-inner / 2) + 2 * exp(-w / 2)) ** 2

    kept = (loss(0.7 + 1e-5, 0.7 + 1e-5) - loss(0.7 - 1e-5, 0.7 - 1e-5)) / 2e-5
    cut = (loss(0.7 + 1e-5, 0.7) - loss(0.7 - 1e-5, 0.7)) / 2e-5
    assert values(f"{FOLDER}/jvp_kept.py")["dL_dw"] == pytest.approx(kept, abs=1e-3)
    assert values(f"{FOLDER}/jvp_cut.py")["dL_dw"] == pytest.approx(cut, abs=1e-3)


def test_density(values):
    """It learns, integrates to one, and without the divergence does not."""
    found = values(RECIPE)
    assert found["flow_error"] < 1e-6
    assert found["trace_error"] < 1e-12
    assert found["losses"][-1] < found["losses"][0] - 0.5
    assert found["mass"] == pytest.approx(1, abs=0.01)
    assert abs(found["without"] - 1) > 0.2
    assert found["probe_one"] > 5 * found["probe_mean"] > 0


def test_pendulum(values):
    """The learned energy moves as SciPy's pendulum, and keeps energy and volume."""
    found = values(RECIPE)
    assert found["path_error"] < 0.1
    assert found["drift"] < 1e-3
    assert found["volume"] < 1e-5


def test_residual(values):
    """The trace by central differences of net(x) - x is that of net, less the dimension."""
    torch.manual_seed(0)
    net = torch.nn.Sequential(torch.nn.Linear(3, 16), torch.nn.Tanh(), torch.nn.Linear(16, 3))
    net = net.double().requires_grad_(False)
    x, h = torch.randn(4, 3, dtype=torch.float64), 1e-5
    trace = sum((net(x + s) - net(x - s))[:, i] for i, s in enumerate(h * torch.eye(3).double()))
    found = values("recipes/flows_and_neural_odes/residual.py")
    assert found["of_net"] == pytest.approx((trace / (2 * h)).tolist())
    assert found["of_velocity"] == pytest.approx((trace / (2 * h) - 3).tolist())


def test_derivatives_in_time(values):
    """Of exp(sin t), by differences."""

    def y(t):
        return np.exp(np.sin(t))

    t, h = np.array([0.3, 1.2]), 1e-4
    found = values("recipes/flows_and_neural_odes/time.py")
    assert np.ravel(found["first"]) == pytest.approx((y(t + h) - y(t - h)) / (2 * h), rel=1e-6)
    second = (y(t + h) - 2 * y(t) + y(t - h)) / h**2
    assert np.ravel(found["second"]) == pytest.approx(second, rel=1e-6)


@pytest.mark.parametrize("norm", ["layer", "group"])
def test_training_on_the_second_derivative_in_time(report, norm):
    """By a difference: wrong through layer normalization, right through one group."""
    names = {}
    exec(report.verdicts["recipes/flows_and_neural_odes/time.py"].snippet.text, names)
    torch.manual_seed(0)
    middle = torch.nn.LayerNorm(16) if norm == "layer" else torch.nn.GroupNorm(1, 16)
    net = torch.nn.Sequential(
        torch.nn.Linear(3, 16), middle, torch.nn.SiLU(), torch.nn.Linear(16, 2)
    ).double()
    t, y = torch.rand(4, 1).double(), torch.randn(4, 2).double()

    def loss(weight):
        def f(t, y):
            return torch.func.functional_call(net, {"0.weight": weight}, torch.cat([t, y], 1))

        return names["time_derivatives"](f, t, y)[1].square().sum()

    w = net[0].weight.detach().clone().requires_grad_()
    (slope,) = torch.autograd.grad(loss(w), w)
    along = torch.randn_like(w)
    truth = ((loss(w + 1e-6 * along) - loss(w - 1e-6 * along)) / 2e-6).item()
    right = (slope * along).sum().item() == pytest.approx(truth, rel=1e-5)
    assert right == (norm == "group")
