"""Oracles for docs/pitfalls/kinks.md: SymPy and closed forms, never autograd."""

import math
import re

import pytest
import sympy

FOLDER = "pitfalls/kinks/"
X = sympy.symbols("x", real=True)


def test_masked_penalty(values):
    """Only the first entry counts: P = ((x^1.5)')^2, and padding has the derivative zero."""
    true = [float(sympy.diff(sympy.diff(X ** sympy.Rational(3, 2)) ** 2).subs(X, 4)), 0.0]
    right = values(FOLDER + "double_where.py")
    assert right["dP_dx"] == true
    assert right["u_x"] == [1.5 * 4**0.5, 0.0]
    wrong = values(FOLDER + "where.py")
    assert (wrong["u_x"], wrong["P"]) == (right["u_x"], right["P"])
    assert math.isnan(float(wrong["dP_dx"][1]))
    masks = values(FOLDER + "masked_product.py")
    assert masks["selected"] == true
    for name in ("product", "filled", "cleaned"):
        assert masks[name][0] == true[0] and math.isnan(float(masks[name][1]))


def test_log_probability(values):
    """SymPy's log-sigmoid: the penalty is 9 and its gradient 6, not zero."""
    w = sympy.symbols("w")
    P = sympy.diff(sympy.log(1 / (1 + sympy.exp(-w * X))), X) ** 2
    point = {w: 3, X: -5}
    right, wrong = values(FOLDER + "logsigmoid.py"), values(FOLDER + "clamp.py")
    assert right["P"] == pytest.approx(float(P.subs(point)), rel=1e-6)
    assert right["dP_dw"] == pytest.approx(float(sympy.diff(P, w).subs(point)), rel=1e-6)
    assert (wrong["P"], wrong["dP_dw"]) == (0.0, 0.0)


def test_square(values):
    """The second derivative of x^2 is 2 at zero as well, and of |x|^2 too."""
    assert sympy.simplify(sympy.Abs(X) ** 2 - X**2) == 0
    assert values(FOLDER + "square.py")["u_xx"] == [2.0, 2.0]
    assert values(FOLDER + "abs_square.py")["u_xx"] == [0.0, 2.0]


def test_limit_of_the_branch(values):
    """The second derivative of sin(x)/x at zero is -1/3, which a constant does not have."""
    true = float(sympy.limit(sympy.diff(sympy.sin(X) / X, X, 2), X, 0))
    assert true == pytest.approx(-1 / 3)
    assert values(FOLDER + "series_branch.py")["u_xx"] == pytest.approx(true, rel=1e-6)
    assert values(FOLDER + "constant_branch.py")["u_xx"] == 0.0


def test_series_is_accurate(report):
    """Below 0.02 the snippet's series and its first two derivatives agree with sin(x)/x to 1e-8."""
    text = report.verdicts[FOLDER + "series_branch.py"].snippet.text
    series = sympy.sympify(re.search(r"series = (.*)", text)[1], locals={"x": X})
    for order in range(3):
        error = sympy.diff(sympy.sin(X) / X - series, X, order)
        assert abs(error.subs(X, sympy.Rational(2, 100)).evalf(40)) < 1e-8


def test_conventions_at_the_corner(values):
    """Each slope lies between 0 and 1, each second derivative between 0 and 2."""
    corners = values(FOLDER + "corners.py")
    assert corners["clamp"] == 1.0 and corners["relu"] == 0.0
    for name in ("relu", "clamp", "maximum", "where", "half"):
        assert 0 <= corners[name] <= 1
        assert corners[name + "_2"] == 2 * corners[name] ** 2


def test_around_the_corner(values):
    """Beside zero, slope and second derivative are SymPy's; at zero, those of the table."""
    found, corners = values(FOLDER + "around.py"), values(FOLDER + "corners.py")
    assert found["x"] == pytest.approx([-1, -1e-6, 0, 1e-6, 1])
    for order, power in ((1, 1), (2, 2)):
        left, right = (float(sympy.diff(side**power, X, order)) for side in (0 * X, X))
        for name in ("relu", "maximum", "clamp"):
            at_zero = corners[name + ("_2" if power == 2 else "")]
            assert found[name][order - 1] == [left, left, at_zero, right, right]


def test_anomaly(values):
    """Anomaly detection warns twice: of the first gradient, and of the function behind it."""
    assert values(FOLDER + "anomaly.py")["P"] == 9.0


def test_padding(values):
    """Both losses are the same, and only the mask before the root leaves finite gradients."""
    wrong, right = values(FOLDER + "padded.py"), values(FOLDER + "padded_right.py")
    assert wrong["loss"] == pytest.approx(right["loss"])
    assert wrong["finite"] is False and right["finite"] is True


def test_straight_angle(values):
    """Across by d, an atom at distance 1 makes the angle pi - atan(d): the energy bends by 2."""
    d = sympy.symbols("d", positive=True)
    assert sympy.limit(sympy.diff(sympy.atan(d) ** 2, d, 2), d, 0) == 2
    assert sympy.limit(sympy.diff(2 - 2 * sympy.cos(sympy.atan(d)), d, 2), d, 0) == 2
    found = values(FOLDER + "angle.py")
    assert found["by_cosine"] == pytest.approx(2)
    assert found["found"][1] == 0  # clamp and acos
    assert all(math.isnan(float(found["found"][place])) for place in (0, 2))
