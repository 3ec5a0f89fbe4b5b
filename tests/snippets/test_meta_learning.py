"""The lesson on meta-learning against SymPy and NumPy, without autograd."""

import numpy as np
import pytest
import sympy

PAGE = "learn/meta_learning/"
W, RATE = sympy.symbols("w rate")
AT = {W: 1, RATE: sympy.Rational(1, 10)}


def step(w):
    """One step on the fourth power."""
    return w - RATE * 4 * w**3


def test_ten_lines(values):
    """The meta-gradient has the factor 1 - 12 rate w², which first order leaves out."""
    adapted = step(W)
    found = {name: values(PAGE + f"{name}.py") for name in ("ten_lines", "first_order")}
    for each in found.values():
        assert each["adapted"] == pytest.approx(float(adapted.subs(AT)), rel=1e-6)
    truth = float(sympy.diff(adapted**2, W).subs(AT))
    assert found["ten_lines"]["meta_gradient"] == pytest.approx(truth, rel=1e-6)
    first_order = float((2 * adapted).subs(AT))
    assert found["first_order"]["meta_gradient"] == pytest.approx(first_order, rel=1e-6)
    assert first_order * truth < 0


def test_two_steps(values):
    """The product of two factors, taken where each step starts."""
    found = values(PAGE + "answer_two.py")
    truth = float(sympy.diff(step(step(W)) ** 2, W).subs(AT))
    assert found["meta_gradient"] == pytest.approx(truth, rel=1e-5)
    assert found["by_hand"] == pytest.approx(truth, rel=1e-5)


def test_the_rate(values):
    """After two steps the flag matters: without it, the second step's gradient is a constant."""
    found = values(PAGE + "answer_rate.py")
    assert found["steps"] == 2
    truth = float(sympy.diff(step(step(W)) ** 2, RATE).subs(AT))
    assert found["right"] == pytest.approx(truth, rel=1e-5)
    held = sympy.symbols("held")
    cut = (step(W) - RATE * held) ** 2
    cut = sympy.diff(cut, RATE).subs(held, 4 * step(W) ** 3)
    assert found["without"] == pytest.approx(float(cut.subs(AT)), rel=1e-5)
    one = sympy.diff(step(W) ** 2, RATE).subs(AT)
    assert float(one) == pytest.approx(-2 * 0.6 * 4)


def test_two_tasks(values):
    """Where each meta-gradient is zero, and the loss after one step from there."""
    found = values(PAGE + "tasks.py")
    c, t = np.array([1, 9]), np.array([0, 1])
    shrunk = 1 - 0.1 * c
    for name, weight in (("first_order", c * shrunk), ("maml", c * shrunk**2)):
        start = (weight * t).sum() / weight.sum()
        assert found[name] == pytest.approx(start, abs=1e-5)
        after = (c * (shrunk * (start - t)) ** 2 / 2).sum()
        assert found[f"{name}_loss"] == pytest.approx(after, rel=1e-4)
