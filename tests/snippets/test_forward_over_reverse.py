"""Oracles for docs/pitfalls/forward-over-reverse.md: SymPy, never autograd."""

import math

import pytest
import sympy

FOLDER = "pitfalls/forward_over_reverse/"
X = sympy.symbols("x1:4")
T = sympy.Symbol("t")


def test_product(values):
    """The Hessian of x1 x2 x3 at (2, 3, 5), and its slope along (1, 1, 1)."""
    f, point = X[0] * X[1] * X[2], dict(zip(X, (2, 3, 5), strict=True))
    true = [[float(v) for v in row] for row in sympy.hessian(f, X).subs(point).tolist()]
    assert values(FOLDER + "scatter_right.py")["hessian"] == true
    assert values(FOLDER + "scatter.py")["row"] != pytest.approx(true[0], abs=0.1)
    slope = float(sum(f.diff(x) for x in X).subs(point))
    assert values(FOLDER + "first_right.py")["slope"] == slope
    assert values(FOLDER + "first.py")["slope"] != slope


def test_inverse_from_the_factor(values):
    """The entries of the inverse of L L^T sum up to 2/t^2 - 2/t^3 + 1/t^4."""
    factor = sympy.Matrix([[T, 0], [1, T]])
    f = sum((factor * factor.T).inv())
    assert sympy.simplify(f - (2 / T**2 - 2 / T**3 + 1 / T**4)) == 0
    true = float(f.diff(T, 2).subs(T, 1))
    wrong = values(FOLDER + "cholesky.py")
    assert values(FOLDER + "cholesky_right.py")["second"] == pytest.approx(true)
    assert wrong["difference"] == pytest.approx(true, abs=1e-4)
    assert wrong["second"] != pytest.approx(true, rel=0.1)


def test_kernel(values):
    """The Hessian of exp(-x1^2 - x2^2) at zero is -2 times the identity."""
    f = sympy.exp(-(X[0] ** 2) - X[1] ** 2)
    hessian = sympy.hessian(f, X[:2]).subs({X[0]: 0, X[1]: 0})
    true = [[float(v) for v in row] for row in hessian.tolist()]
    assert values(FOLDER + "kernel_right.py")["hessian"] == true
    assert values(FOLDER + "kernel.py")["hessian"] != true


def test_determinant(values):
    """The mixed second derivative of the determinant by both diagonal entries is 1."""
    a, b, c, d = sympy.symbols("a b c d")
    true = float(sympy.Matrix([[a, b], [c, d]]).det().diff(a, d))
    assert values(FOLDER + "det_right.py")["mixed"] == true
    assert math.isnan(float(values(FOLDER + "det.py")["mixed"]))


def test_squared_error(values):
    """The Hessian of the mean squared error times the vector (1, -1)."""
    w = X[:2]
    f = ((w[0] ** 2 - 1) ** 2 + (w[1] ** 2 - 3) ** 2) / 2
    hessian = sympy.hessian(f, w).subs({w[0]: 1, w[1]: 2})
    assert [hessian[0, 0], hessian[1, 1]] == [4, 18]
    true = [float(v) for v in hessian * sympy.Matrix([1, -1])]
    assert values(FOLDER + "mse_right.py")["Hv"] == true
    assert "ZeroTensors" in values(FOLDER + "mse.py")["error"]
