"""Oracles for physics-informed networks: SymPy, closed forms, a Bessel series, differences."""

import numpy as np
import pytest
import sympy
import torch
from scipy.linalg import expm
from scipy.special import ive

RECIPE = "recipes/physics_informed_network.py"
FOLDER = "recipes/physics_informed_network"
EXACT = 1e-12


def gradient(residual, points, w, at):
    """By SymPy: the gradient by w of the mean square of a residual over points."""
    squares = [residual.subs(point, simultaneous=True) ** 2 for point in points]
    loss = sum(squares) / len(squares)
    return [float(loss.diff(w_k).subs(at).evalf(30)) for w_k in w]


def test_gradient_of_decay(values):
    """With create_graph it is the gradient of the loss; without, that of u beside a number."""
    t, w0, w1 = sympy.symbols("t w:2")
    u = 1 + w0 * sympy.tanh(w1 * t)
    at = {w0: sympy.Rational(-4, 5), w1: sympy.Rational(3, 5)}
    points = [{t: sympy.Rational(1, 2)}, {t: 1}, {t: 2}]
    expected = gradient(u.diff(t) + u, points, (w0, w1), at)
    held = gradient(u.diff(t).subs(at) + u, points, (w0, w1), at)
    cut = values(f"{FOLDER}/cut.py")["dL_dw"]
    assert values(f"{FOLDER}/kept.py")["dL_dw"] == pytest.approx(expected, rel=EXACT)
    assert cut == pytest.approx(held, rel=EXACT)
    assert cut != pytest.approx(expected, rel=1e-1)
    assert "a second time" in values(f"{FOLDER}/freed.py")["error"]


def test_gradient_of_a_fast_swing(values):
    """For u = w sin kt, the loss is w² (4 - k²)² / 2; cut, one factor lacks the k²."""
    k = 3
    assert values(f"{FOLDER}/swing_kept.py")["dL_dw"] == pytest.approx((4 - k**2) ** 2, rel=EXACT)
    assert values(f"{FOLDER}/swing_cut.py")["dL_dw"] == pytest.approx((4 - k**2) * 4, rel=EXACT)


def test_gradient_of_burgers(values):
    """Each factor of u u_x counts: without u_x, it is another gradient."""
    t, x, *w = sympy.symbols("t x w:3")
    u = w[0] * sympy.tanh(w[1] * x + w[2] * t)
    at = dict(zip(w, map(sympy.Rational, ("-0.9", "1.2", "0.4")), strict=True))
    pairs = [("0.2", "-0.5"), ("0.5", "0.1"), ("0.8", "0.7")]
    points = [{t: sympy.Rational(a), x: sympy.Rational(b)} for a, b in pairs]
    nu = sympy.Rational(1, 10)
    others = u.diff(t) - nu * u.diff(x, 2)
    expected = gradient(others + u * u.diff(x), points, w, at)
    held = gradient(others + u * u.diff(x).subs(at), points, w, at)
    cut = values(f"{FOLDER}/burgers_cut.py")["dL_dw"]
    assert values(f"{FOLDER}/burgers_kept.py")["dL_dw"] == pytest.approx(expected, rel=EXACT)
    assert cut == pytest.approx(held, rel=EXACT)
    assert cut != pytest.approx(expected, rel=1e-2)


def test_one_column_at_a_time(values):
    """Of u = x² t³, the column of x gives u_xx, and both columns together u_tx beside it."""
    t, x = sympy.symbols("t x")
    u, at = x**2 * t**3, {t: 1, x: 2}
    u_xx, u_tx = (int(d.subs(at)) for d in (u.diff(x, 2), u.diff(t, x)))
    assert values(f"{FOLDER}/column.py")["u_xx"] == u_xx
    assert values(f"{FOLDER}/mixed.py")["u_xx"] == u_xx + u_tx != u_xx


def test_derivatives_by_hand(values):
    """u, u_x and u_xx of a network are those of the chain rule in NumPy, in float64 to rounding."""
    found = values(RECIPE)
    assert max(found["off64"]) < 1e-14
    assert max(found["off32"]) > 1e-8


def test_cole_hopf(values):
    """The quadrature is the series in Bessel functions, and not the start of it."""
    nu, z = 0.1, 5 / np.pi
    t, x = np.transpose(values(RECIPE)["at"])[..., None]
    n = np.arange(1, 60)
    terms = 2 * (-1.0) ** n * ive(n, z) * np.exp(-nu * (np.pi * n) ** 2 * t)
    theta = ive(0, z) + (terms * np.cos(np.pi * n * x)).sum(axis=1)
    theta_x = -(terms * np.pi * n * np.sin(np.pi * n * x)).sum(axis=1)
    found = values(RECIPE)["cole_hopf_values"]
    assert found == pytest.approx(-2 * nu * theta_x / theta, rel=1e-13)
    assert found != pytest.approx(-np.sin(np.pi * x[:, 0]), rel=1e-1)


def test_oscillator(values):
    """The closed form is the exponential of the equation's matrix, for gamma 0.3 and omega 2."""
    matrix = np.array([[0, 1], [-4, -0.6]])
    expected = [expm(t * matrix)[0, 0] for t in (1.0, 2.5, 6.0)]
    assert values(RECIPE)["oscillator_values"] == pytest.approx(expected, rel=1e-12)


def test_what_is_drawn(values):
    """Beside the exact oscillator, both networks with their errors; along the whole rod, heat."""
    found = values(RECIPE)
    errors = [found["errors_oscillator"][0], found["errors_oscillator_u_tt"][0]]
    assert found["drawn_off"] == pytest.approx(errors, rel=1e-12)
    assert np.ravel(found["x"]) == pytest.approx(np.linspace(0, 1, 51))


def test_slopes_agree_with_themselves(values):
    """Each loss has the slope of a central difference, and with any factor cut another one."""
    found = values(RECIPE)
    assert found["slopes_right"] == pytest.approx(found["slopes_difference"], rel=1e-7)
    assert len(found["off_cut"]) == 8
    assert min(found["off_cut"]) > 0.01
    assert found["by_gradient"] == pytest.approx(found["slopes_difference"][0], rel=1e-6)


def test_trained_right(values):
    """From each seed, the solutions are reached; with u_t, u_tt or u_xx detached, none is."""
    found = values(RECIPE)
    reached = ["decay", "oscillator", "heat", "burgers", "burgers_u", "burgers_u_x"]
    missed = ["decay_u_t", "oscillator_u_tt", "heat_u_t", "heat_u_xx"]
    missed += ["burgers_u_t", "burgers_u_xx"]
    right, wrong = (np.ravel([found[f"errors_{name}"] for name in n]) for n in (reached, missed))
    assert right.max() < 0.02 < wrong.min()
    assert right.size == wrong.size == 18


def test_relu(values):
    """Where u_xx is zero, u_t = 0 is trained, and heat stays where it was."""
    found = values(RECIPE)
    t, x = np.meshgrid(np.linspace(0, 1, 21), np.linspace(0, 1, 41))
    cooled = ((1 - np.exp(-0.1 * np.pi**2 * t)) * np.sin(np.pi * x)).mean()
    assert min(found["errors_relu"]) > 0.3
    assert found["off_tanh"] == pytest.approx([cooled] * 3, abs=1e-3)
    assert max(found["off_relu"]) < 0.15 < cooled


def test_single_precision(values):
    """In float32, L-BFGS stops early, and a difference does not confirm a right gradient."""
    found = values(RECIPE)
    pairs = zip(found["evaluations32"], found["evaluations64"], strict=True)
    assert all(few < many for few, many in pairs)
    assert len(found["differences"]) == 5
    assert 1e-3 > found["off32_slope"] > 1e-6 > found["off_right"]


def test_a_cut_gradient_may_arrive(values):
    """With u_t detached, Adam takes decay nearer to the solution than L-BFGS, from each seed."""
    found = values(RECIPE)
    pairs = zip(found["errors_decay_adam"], found["errors_decay_u_t"], strict=True)
    assert all(adam < lbfgs / 2 for adam, lbfgs in pairs)
    assert len(found["errors_decay_adam"]) == 3


DTYPES = pytest.mark.parametrize("dtype", [torch.float32, torch.float64])


@DTYPES
def test_the_derivative_follows_its_inputs(component, dtype):
    """Of sin, it is cos, and minus sin after that."""
    derivative = component(RECIPE, "derivative")["derivative"]
    x = torch.linspace(0, 3, 7, dtype=dtype).reshape(-1, 1).requires_grad_()
    first = derivative(torch.sin(x), x)
    close = {"rtol": 0, "atol": 1e-6}
    torch.testing.assert_close(first, torch.cos(x), **close)
    torch.testing.assert_close(derivative(first, x), -torch.sin(x), **close)


def test_a_second_output_is_refused(component):
    """Of (sin x, x²) the sum would be cos x + 2x; column by column, it is each."""
    derivative = component(RECIPE, "derivative")["derivative"]
    x = torch.tensor([[0.5], [1.0]], requires_grad=True)
    u = torch.cat([torch.sin(x), x**2], dim=1)
    with pytest.raises(ValueError, match=r"u is \(2, 2\), x is \(2, 1\)"):
        derivative(u, x)
    with pytest.raises(ValueError, match="both must be"):
        derivative(u, torch.ones(2, 2))
    torch.testing.assert_close(derivative(u[:, :1], x), torch.cos(x))
    torch.testing.assert_close(derivative(u[:, 1:], x), 2 * x)


@DTYPES
def test_a_network_trains_on_its_derivative(component, dtype):
    """A small network with u(0) = 1 comes near exp(-t), in either dtype."""
    derivative = component(RECIPE, "derivative")["derivative"]
    torch.manual_seed(0)
    net = torch.nn.Sequential(torch.nn.Linear(1, 16), torch.nn.Tanh(), torch.nn.Linear(16, 1))
    net.to(dtype)
    t = torch.linspace(0, 2, 20, dtype=dtype).reshape(-1, 1).requires_grad_()
    optimizer = torch.optim.Adam(net.parameters(), lr=0.02)
    for _ in range(300):
        u = 1 + t * net(t)
        loss = (derivative(u, t) + u).pow(2).mean()
        optimizer.zero_grad()
        loss.backward(inputs=list(net.parameters()))
        optimizer.step()
    assert loss.dtype == dtype
    assert (1 + t * net(t) - torch.exp(-t)).abs().max() < 0.03


def test_a_formula_without_a_derivative_at_the_start(values):
    """With t = 0 kept out of the formula, the gradient is that of SymPy; else nan, in the twin."""
    t, w = sympy.symbols("t w", positive=True)
    u = w * sympy.exp(-1 / t) / sympy.sqrt(t)
    points = [{t: sympy.Rational(1, 2)}, {t: 1}]  # at t = 0, the residual is zero
    squares = [(u.diff(t) + u).subs(point) ** 2 for point in points]
    expected = float((sum(squares) / 3).diff(w).subs(w, sympy.Rational(3, 2)).evalf(30))
    assert values(f"{FOLDER}/start_safe.py")["dL_dw"] == pytest.approx(expected, abs=6e-5)
    assert np.isnan(float(values(f"{FOLDER}/start.py")["dL_dw"]))


def test_the_sum_and_a_gradient_of_ones_are_the_same():
    """With batch normalization and several outputs, too, where neither is the derivative."""
    torch.manual_seed(0)
    layers = torch.nn.Linear(1, 8), torch.nn.BatchNorm1d(8), torch.nn.Tanh(), torch.nn.Linear(8, 3)
    net, x = torch.nn.Sequential(*layers), torch.linspace(0, 1, 5)[:, None].requires_grad_()
    (of_sum,) = torch.autograd.grad(net(x).sum(), x)
    (with_ones,) = torch.autograd.grad(net(x), x, torch.ones(5, 3))
    assert torch.equal(of_sum, with_ones)


@pytest.mark.parametrize("name", ["SGD", "Adam", "AdamW", "RMSprop", "Adagrad", "Rprop", "LBFGS"])
def test_optimizers_switch_gradients_on(name):
    """Around the closure, although step itself is under no_grad."""
    w, seen = torch.nn.Parameter(torch.ones(2)), []
    optimizer = getattr(torch.optim, name)([w], lr=0.1)

    def closure():
        seen.append(torch.is_grad_enabled())
        optimizer.zero_grad()
        loss = (w**2).sum()
        loss.backward()
        return loss

    with torch.no_grad():
        optimizer.step(closure)
    assert seen and all(seen)


def test_a_closure_with_its_own_graph(values):
    """Under no_grad, the closure that switches gradients on trains, and the other raises."""
    found = values(f"{FOLDER}/closure_right.py")
    assert found["after"] < found["before"] / 1000
    assert "does not require grad" in values(f"{FOLDER}/closure.py")["error"]


def test_column_target(values):
    """The mean of (w x - x)^2 has the slope 2 (w - 1) mean(x^2); all pairs give another sign."""
    x, w = np.linspace(0, 1, 8), 0.9
    right = values("recipes/physics_informed_network/column_target.py")
    assert right["loss"] == pytest.approx(((w * x - x) ** 2).mean(), rel=1e-5)
    wrong = values("recipes/physics_informed_network/flat_target.py")
    pairs = w * x[:, None] - x
    assert wrong["loss"] == pytest.approx((pairs**2).mean(), rel=1e-5)
    slopes = (2 * (w - 1) * (x**2).mean(), 2 * (pairs * x[:, None]).mean())
    assert slopes == pytest.approx((-0.071, 0.143), abs=5e-4)
