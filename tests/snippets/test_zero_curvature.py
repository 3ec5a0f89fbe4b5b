"""Oracles for second derivatives of activations, and for the penalty that ReLU allows."""

import ast
import re

import numpy as np
import pytest
import sympy
import torch

X = sympy.symbols("x", real=True)
CURVES = {
    "elu": sympy.Piecewise((X, X > 0), (sympy.exp(X) - 1, True)),
    "hardswish": X * (X + 3) / 6,
    "gelu": X * (1 + sympy.erf(X / sympy.sqrt(2))) / 2,
    "silu": X / (1 + sympy.exp(-X)),
    "softplus": sympy.log(1 + sympy.exp(X)),
    "tanh": sympy.tanh(X),
}
STRAIGHT = ["relu", "leaky_relu", "hardtanh", "abs", "round", "max_pool1d"]


def test_activations(report):
    """What the snippet states of each activation is what SymPy differentiates."""
    text = report.verdicts["pitfalls/zero_curvature/list.py"].snippet.text
    stated = {
        name: ast.literal_eval(pair) for name, pair in re.findall(r"^#> (\w+): (.*)$", text, re.M)
    }
    assert set(stated) == {*CURVES, *STRAIGHT}
    for name, curve in CURVES.items():
        second = sympy.diff(curve, X, 2)
        true = [float(second.subs(X, sympy.Rational(at, 10))) for at in (3, -7)]
        assert stated[name] == pytest.approx(true, abs=5.1e-5), name
    assert all(stated[name] == [0, 0] for name in STRAIGHT)


def test_far_out(values):
    """The true second derivatives are small, and PyTorch's are zero from some point on."""
    found = values("pitfalls/zero_curvature/softplus.py")
    for name, points, rel in (("softplus", (19, 21), 1e-3), ("silu", (14, 18), 0.1)):
        second = sympy.diff(CURVES[name], X, 2)
        near, far = (float(second.subs(X, at).evalf(30)) for at in points)
        assert found[name][0] == pytest.approx(near, rel=rel)
        assert far != 0 and found[name][1] == 0


def test_penalty_on_the_slope_of_relu(values):
    """The slope of a ReLU network is c (a on) a: it depends on both weights, not on the bias."""
    torch.manual_seed(0)
    net = torch.nn.Sequential(torch.nn.Linear(2, 8), torch.nn.ReLU(), torch.nn.Linear(8, 1))
    net = net.double().requires_grad_(False)
    a, b, c = (net[0].weight.numpy(), net[0].bias.numpy(), net[2].weight.numpy()[0])
    x = torch.randn(4, 2, dtype=torch.float64).numpy()

    def penalty(a, b, c):
        slope = ((x @ a.T + b > 0) * c) @ a
        return (slope**2).sum(axis=1).mean()

    def length(of, at):
        found = []
        for index in np.ndindex(*at.shape):
            move = np.zeros_like(at)
            move[index] = 1e-6
            found.append((of(at + move) - of(at - move)) / 2e-6)
        return np.linalg.norm(found)

    found = values("pitfalls/zero_curvature/gradient_penalty.py")
    assert found["penalty"] == pytest.approx(penalty(a, b, c), rel=1e-12)
    assert length(lambda a: penalty(a, b, c), a) == pytest.approx(0.1253, abs=5.1e-5)
    assert length(lambda c: penalty(a, b, c), c) == pytest.approx(0.2063, abs=5.1e-5)
    assert length(lambda b: penalty(a, b, c), b) == 0


def test_hat(values):
    """Three units make a triangle; with softplus each corner has the curvature of a sigmoid."""
    found, x, beta = values("pitfalls/zero_curvature/hat.py"), np.linspace(-1.5, 1.5, 91), 20.0
    units = [(1, x + 1), (-2, x), (1, x - 1)]
    soft = sum(c * np.log1p(np.exp(beta * z)) / beta for c, z in units)
    bends = sum(c * beta / 4 / np.cosh(beta * z / 2) ** 2 for c, z in units)
    assert found["x"] == pytest.approx(x, abs=1e-15)
    assert found["relu"] == pytest.approx(np.maximum(1 - abs(x), 0), abs=1e-15)
    assert found["relu_xx"] == [0] * len(x)
    assert found["soft"] == pytest.approx(soft, abs=1e-8)  # straight above 20
    assert found["soft_xx"] == pytest.approx(bends, abs=1e-6)
    assert found["apart"] == pytest.approx(2 * np.log(2) / beta, rel=1e-6)
    assert found["bend"] == pytest.approx(-beta / 2, rel=1e-6)


def test_outcomes(values):
    """A linear network has no path, ReLU has zeros, and what bends between or behind it curves."""
    assert values("pitfalls/zero_curvature/outcomes.py")["outcomes"] == [
        "no path",
        "zeros",
        "curved",
        "curved",
    ]


def test_squared_relu(values):
    """With u = c relu(a x + b)^2, u_xx is 2 c a^2 where a unit is on, whatever its bias."""
    torch.manual_seed(0)
    first, last = torch.nn.Linear(1, 8), torch.nn.Linear(8, 1)
    a, b, c = (p.detach().double().numpy() for p in (first.weight, first.bias, last.weight))
    a, c, x = a[:, 0], c[0], np.linspace(-1, 1, 5)

    def residual(a, b, c):
        on = np.outer(x, a) + b > 0
        return np.mean(((on * 2 * c * a**2).sum(axis=1) + 1) ** 2)

    true = []
    for place in range(3):
        slope = []
        for move in 1e-6 * np.eye(8):
            ends = []
            for sign in (1, -1):
                at = [a, b, c]
                at[place] = at[place] + sign * move
                ends.append(residual(*at))
            slope.append((ends[0] - ends[1]) / 2e-6)
        true.append(np.linalg.norm(slope))
    found = values("pitfalls/zero_curvature/squared_relu.py")["lengths"]
    assert found == pytest.approx(true, abs=1e-4)
    assert found[1] == 0 < min(found[0], found[2])


def test_spikes(report):
    """The derivatives of a smooth surrogate are those of the logistic curve."""
    text = report.verdicts["pitfalls/zero_curvature/spikes.py"].snippet.text
    stated = {n: ast.literal_eval(pair) for n, pair in re.findall(r"^#> (\w+): (.*)$", text, re.M)}
    curve = 1 / (1 + sympy.exp(-4 * X))
    true = [float(sympy.diff(curve, X, k).subs(X, sympy.Rational(3, 10))) for k in (1, 2)]
    assert stated["smooth"] == stated["replaced"] == pytest.approx(true, abs=5.1e-5)
    assert stated["box"] == [1.0, None]
