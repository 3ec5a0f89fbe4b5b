"""Oracles for docs/pitfalls/precision.md: SymPy, exact fractions and NumPy, never autograd."""

import math
import re
from fractions import Fraction

import mpmath
import numpy as np
import pytest
import sympy

FOLDER = "pitfalls/precision/"
X = sympy.symbols("x")
TRUE = float(sympy.diff(X**5, X, 2).subs(X, 1))


def u(x):
    """The fifth power by multiplication, in the precision of x."""
    return x * x * x * x * x


def second_difference(kind, h):
    """The second difference in NumPy."""
    x, h = kind(1), kind(h)
    return (u(x + h) - kind(2) * u(x) + u(x - h)) / (h * h)


def test_second_derivative(values):
    """The second derivative is 20; autograd in float32 and a difference in float64 say so."""
    assert TRUE == 20
    assert values(FOLDER + "by_autograd.py")["u_xx"] == TRUE
    assert values(FOLDER + "double.py")["u_xx"] == pytest.approx(TRUE, rel=1e-6)
    found = values(FOLDER + "second_difference.py")["u_xx"]
    assert found == pytest.approx(float(second_difference(np.float32, 1e-4)), rel=1e-3)
    assert found != pytest.approx(TRUE, rel=0.1)


def test_truncation_alone(values):
    """Without rounding the second difference is 20 + 10 h^2, so the error is h^2 / 2."""
    double = values(FOLDER + "v_curve.py")["double"]
    for k in (1, 2):
        h = Fraction(1, 10**k)
        exact = (u(1 + h) - 2 + u(1 - h)) / h**2
        assert exact == 20 + 10 * h**2
        assert double[k - 1][1] == pytest.approx(float(exact) / TRUE - 1, rel=1e-3)
        slopes = (5 * (1 + h) ** 4 - 5 * (1 - h) ** 4) / (2 * h)
        assert double[k - 1][0] == pytest.approx(float(slopes) / TRUE - 1, rel=1e-3)


def test_shape_of_the_curve(values):
    """The best step is near eps^(1/3) for gradients and eps^(1/4) for values."""
    found = values(FOLDER + "v_curve.py")
    for name, eps in (("single", 2.0**-23), ("double", 2.0**-52)):
        for column, power in ((0, 1 / 3), (1, 1 / 4)):
            errors = [row[column] for row in found[name]]
            assert len(errors) == 8
            best = 10.0 ** -(1 + int(np.argmin(errors)))
            assert abs(np.log10(best) - np.log10(eps**power)) < 1
            assert errors[0] > min(errors) < errors[-1]


def test_wrong_factor(values):
    """The derivative of x^3 has the factor 3, and 3.05 passes only with loose tolerances."""
    assert sympy.diff(X**3, X) == 3 * X**2
    assert values(FOLDER + "loose.py")["found"] is True
    assert values(FOLDER + "strict.py")["found"] is False


def test_checks(values):
    """The check of tanh fails in float32 and passes in float64, also for a network."""
    assert "Jacobian mismatch" in values(FOLDER + "gradcheck32.py")["error"]
    right = values(FOLDER + "gradcheck64.py")
    assert right["first"] is True and right["second"] is True
    assert values(FOLDER + "converted.py")["passes"] is True
    assert values(FOLDER + "converted.py")["in_weights"] is True
    assert "same dtype" in values(FOLDER + "mixed.py")["error"]


def test_four_curves(values):
    """The right arm is curvature's, in both precisions; the left one is bounded by rounding."""
    found = values(FOLDER + "steps.py")
    h = np.array(found["steps"])
    assert h == pytest.approx(np.logspace(-1, -8, 29))
    slopes = (5 * (1 + h) ** 4 - 5 * (1 - h) ** 4) / (2 * h)
    for bits, kind in ((32, np.float32), (64, np.float64)):
        by_values = [abs(float(second_difference(kind, step)) / TRUE - 1) for step in h]
        assert found[f"values_{bits}"] == pytest.approx(by_values, rel=1e-3, abs=1e-15)
        gradients = np.array(found[f"gradients_{bits}"])
        assert gradients[:4] == pytest.approx(abs(slopes[:4] / TRUE - 1), rel=1e-2)
        assert (gradients < 1.01 * h**2 + 4 * np.finfo(kind).eps / h).all()


def test_cancellation(values):
    """The second derivative of (sqrt(1 + x^2) - 1) / x^2 near zero is -1/4; float32 loses it."""
    u = (sympy.sqrt(1 + X**2) - 1) / X**2
    true = float(sympy.diff(u, X, 2).subs(X, sympy.Rational(1, 100)).evalf(30))
    assert true == pytest.approx(-1 / 4, rel=1e-3)
    assert values(FOLDER + "cancel_right.py")["u_xx"] == pytest.approx(true, abs=1e-4)
    assert abs(values(FOLDER + "cancel.py")["u_xx"] - true) > 1


def test_range(report):
    """The derivatives of log p are those of mpmath, and infinite where float32 ends."""
    text = report.verdicts[FOLDER + "range.py"].snippet.text
    largest = float(np.finfo(np.float32).max)
    for line in re.findall(r"^#> log at (\S+): (.*)$", text, re.M):
        p, stated = float(line[0]), [float(one) for one in line[1].split()]
        for order, one in enumerate(stated):
            true = float(mpmath.diff(mpmath.log, p, order, h=p / 10**6)) if order else math.log(p)
            finite = abs(true) < largest
            assert one == (
                pytest.approx(true, rel=0.1) if finite else math.copysign(1, true) * math.inf
            )


def test_tiny(values):
    """The second derivative of 2 log(e^a + e^b) - a - b is 2 p (1 - p), which rounds to zero."""
    p = 1 / (1 + math.exp(-87))
    true = 2 * p * math.exp(-87)
    assert values(FOLDER + "tiny_right.py")["second"] == pytest.approx(true, abs=1e-30)
    assert math.isinf(float(values(FOLDER + "tiny.py")["second"]))


def test_overflow(values):
    """The second derivative of 2^x at 128 is finite in float32, though its value is not."""
    true = float(mpmath.diff(lambda x: mpmath.power(2, x), 128, 2))
    largest = float(np.finfo(np.float32).max)
    assert true < largest < 2.0**128
    assert values(FOLDER + "overflow_right.py")["second"] == pytest.approx(true, rel=1e-5)
    assert math.isinf(float(values(FOLDER + "overflow.py")["second"]))
