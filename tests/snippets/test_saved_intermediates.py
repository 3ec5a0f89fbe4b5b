"""Oracles for functions that save a number, PyTorch's own among them: SymPy, never autograd."""

import copy

import pytest
import sympy
import torch

FOLDER = "pitfalls/saved_intermediates/"
FUNCTIONS = "pitfalls/hidden_intermediates/"
X = sympy.Symbol("x")


def test_swish(values):
    """The second derivative of x sigmoid(x) at 1, and the term that a saved sigmoid leaves."""
    y = X / (1 + sympy.exp(-X))
    slope, second = (float(y.diff(X, k).subs(X, 1)) for k in (1, 2))
    for name in ("recomputed.py", "returned.py", "inner_grad.py"):
        assert values(FUNCTIONS + name)["second"] == pytest.approx(second, abs=1e-4)
    s = float((1 / (1 + sympy.exp(-X))).subs(X, 1))
    assert 2 * s * (1 - s) + s * (1 - s) * (1 - 2 * s) == pytest.approx(second)
    wrong = values(FUNCTIONS + "swish.py")
    assert wrong["slope"] == pytest.approx(slope)
    for number in (wrong["second"], values(FUNCTIONS + "ignored.py")["second"]):
        assert number == pytest.approx(s * (1 - s), abs=1e-4)
        assert number != pytest.approx(second, rel=0.1)


def test_curve(values):
    """At each point SymPy's second derivative, and s (1 - s), which is never negative."""
    found, sigmoid = values(FUNCTIONS + "curve.py"), 1 / (1 + sympy.exp(-X))
    x = [k / 9 for k in range(-45, 46)]
    assert found["x"] == pytest.approx(x)
    for name, curve in (("right", (X * sigmoid).diff(X, 2)), ("saved", sigmoid * (1 - sigmoid))):
        true = sympy.lambdify(X, curve, "math")
        assert found[name] == pytest.approx([true(at) for at in x], rel=1e-9)
    assert found["at_zero"] == found["saved"][45]
    assert found["true_at_zero"] == found["right"][45]


def test_gradgradcheck(values):
    """gradgradcheck reports both numbers."""
    error = values(FUNCTIONS + "checked.py")["error"]
    assert "0.3024" in error and "0.1966" in error


def test_weight_norm(values):
    """The penalty on dL/dv for w = 5 v / |v|, and its gradient with respect to v."""
    v = sympy.symbols("v1 v2")
    norm = sympy.sqrt(v[0] ** 2 + v[1] ** 2)
    L = (5 * (v[0] + 2 * v[1]) / norm) ** 2
    P = sum(L.diff(c) ** 2 for c in v)
    point = {v[0]: 3, v[1]: 4}
    true = [float(P.diff(c).subs(point)) for c in v]
    right, wrong = (values(FOLDER + f"weight_norm{end}.py") for end in ("_right", ""))
    assert right["dP_dv"] == pytest.approx(true, abs=1e-3)
    assert right["P"] == pytest.approx(float(P.subs(point)), rel=1e-6)
    assert wrong["P"] == pytest.approx(right["P"], rel=1e-6)
    assert wrong["dP_dv"] != pytest.approx(true, rel=0.1)


def test_spectral_norm(values):
    """The penalty on dL/dW for W / sigma(W), with sigma from the eigenvalues of W^T W."""
    w = sympy.symbols("w1:5")
    W = sympy.Matrix(2, 2, w)
    gram = W.T * W
    root = sympy.sqrt((gram[0, 0] - gram[1, 1]) ** 2 + 4 * gram[0, 1] ** 2)
    sigma = sympy.sqrt((gram.trace() + root) / 2)
    y = W * sympy.Matrix([1, 2]) / sigma
    L = y.dot(y)
    P = sum(L.diff(entry) ** 2 for entry in w)
    point = dict(zip(w, (3, 1, 0, 1), strict=True))
    true = [float(P.diff(entry).subs(point)) for entry in w]
    right, wrong = values(FOLDER + "spectral_right.py"), values(FOLDER + "spectral.py")
    assert right["dP_dW"] == pytest.approx(true, abs=1e-3)
    assert right["P"] == pytest.approx(float(P.subs(point)), rel=1e-9)
    assert wrong["P"] == pytest.approx(right["P"], rel=1e-6)
    assert wrong["dP_dW"] != pytest.approx(true, rel=0.1)


def test_which_weight_norm(values):
    """Wrong for the first and the last dimension, and never for a penalty on input gradients."""
    answers = values(FOLDER + "conditions.py")["answers"]
    linear, convolution = (0, 1, None), (0, 1, 2, 3, None)
    right = [dim not in (0, 1) for dim in linear] + [dim not in (0, 3) for dim in convolution]
    assert answers == [[by_weight, True] for by_weight in right]


def test_spectral_norm_of_input_gradients(values):
    """It is right when the power iteration has settled, and not when the layer is fresh."""
    found = values(FOLDER + "converged.py")
    assert found["settled"] < 1e-6 < 1e-5 < found["fresh"] < 0.1


def test_equal_singular_values(values):
    """The written-out spectral norm needs singular values that differ."""
    found = values(FOLDER + "equal.py")
    assert (found["all_apart"], found["all_equal"], found["two_zeros"]) == (True, False, False)


def test_output_without_a_history(values):
    """Marked as non-differentiable, the saved output leaves s (1 - s), as a saved number does."""
    s = float((1 / (1 + sympy.exp(-X))).subs(X, 1))
    found = values(FUNCTIONS + "non_differentiable.py")["second"]
    assert found == pytest.approx(s * (1 - s), abs=1e-4)


def test_weight_that_is_no_input(values):
    """Only a weight that apply was given has the derivative of tanh(w x)^2."""
    w = sympy.Symbol("w")
    true = float((sympy.tanh(w * X) ** 2).diff(w).subs({w: 0.5, X: 0.8}))
    assert values(FUNCTIONS + "closure_right.py")["dL_dw"] == pytest.approx(true, abs=1e-4)
    assert values(FUNCTIONS + "closure.py")["dL_dw"] is None


def test_no_history_at_all(values):
    """The derivative of x e^x is not constant, which gradgradcheck words as expected zero."""
    assert float((X * sympy.exp(X)).diff(X, 2).subs(X, 0.5)) > 4
    assert "expected to be zero" in values(FUNCTIONS + "expected_zero.py")["error"]


def test_copies_of_weight_normalization():
    """The old one keeps a computed weight, which deepcopy refuses; the parametrization does not."""
    x = torch.ones(1, 2)
    old, new = torch.nn.utils.weight_norm, torch.nn.utils.parametrizations.weight_norm
    with pytest.warns(FutureWarning), pytest.raises(RuntimeError, match="graph leaves"):
        layer = old(torch.nn.Linear(2, 3))
        layer(x)
        copy.deepcopy(layer)
    layer = new(torch.nn.Linear(2, 3))
    layer(x)
    assert torch.equal(copy.deepcopy(layer)(x), layer(x))
