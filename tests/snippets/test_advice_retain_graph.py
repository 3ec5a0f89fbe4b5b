"""Oracles for docs/pitfalls/advice-retain-graph.md: SymPy and NumPy, never autograd."""

import math

import pytest
import sympy

FOLDER = "pitfalls/advice_retain_graph/"
W, X = sympy.symbols("w x")
Y = sympy.tanh(W * X)
LOSS = (Y - sympy.Rational(9, 10)) ** 2
PENALTY = sympy.diff(Y, X) ** 2


def derivative(expression):
    return float(sympy.diff(expression, W).subs({W: 1, X: 1}))


def test_one_step(values):
    """The derivative of loss plus penalty has both terms; the advice leaves the first one."""
    true = derivative(LOSS + PENALTY)
    right = values(FOLDER + "right.py")
    assert right["dT_dw"] == pytest.approx(true, rel=1e-5)
    for name in ("obeyed.py", "recomputed.py"):
        wrong = values(FOLDER + name)
        assert wrong["total"] == pytest.approx(right["total"], rel=1e-6)
        assert wrong["dT_dw"] == pytest.approx(derivative(LOSS), rel=1e-5)
        assert wrong["dT_dw"] != pytest.approx(true, rel=0.1)


def test_size(values):
    """What is missing at weight 10 is ten times the derivative of the penalty."""
    size = values(FOLDER + "size.py")
    assert size["missing"] == pytest.approx(10 * derivative(PENALTY), rel=1e-5)
    assert size["right"] == pytest.approx(derivative(LOSS + 10 * PENALTY), rel=1e-5)


def test_notice(values):
    """From weight 0 to 100 the derivative changes by 100 times that of the penalty."""
    assert values(FOLDER + "notice.py")["change"] == pytest.approx(
        100 * derivative(PENALTY), rel=1e-5
    )


def descend(with_penalty):
    w = 1.0
    for _ in range(20):
        y = math.tanh(w)
        slope = w * (1 - y * y)
        gradient = 2 * (y - 0.9) * (1 - y * y)
        if with_penalty:
            gradient += 2 * slope * (1 - y * y) * (1 - 2 * w * y)
        w -= 0.5 * gradient
    return w


def test_twenty_steps(values):
    """Gradient descent in closed form, with and without the second term."""
    right, wrong = values(FOLDER + "train_right.py"), values(FOLDER + "train.py")
    assert right["w_20"] == pytest.approx(descend(True), abs=1e-4)
    assert wrong["w_20"] == pytest.approx(descend(False), abs=1e-4)
    assert wrong["w_20"] != pytest.approx(descend(True), rel=0.1)
    # What is logged is the loss with its penalty, of the step before the last update.
    y, slope = wrong["y"], wrong["y_x"]
    assert wrong["total"] == pytest.approx((y - 0.9) ** 2 + slope**2, rel=1e-5)
    for run in (right, wrong):
        slope = run["w_20"] * (1 - math.tanh(run["w_20"]) ** 2)
        assert run["slope_20"] == pytest.approx(slope, rel=1e-4)


def test_alone_it_is_loud(values):
    """Without a loss beside it, the constant penalty raises."""
    assert "element 0" in values(FOLDER + "separate.py")["error"]
