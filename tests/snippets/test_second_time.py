"""Oracles for docs/pitfalls/second-time.md: closed forms with SymPy, never autograd."""

import math

import numpy
import pytest
import sympy

FOLDER = "pitfalls/second_time/"


def test_loss_and_penalty(values):
    """The gradient of sum(e^w) + sum(e^2w) is e^w + 2 e^2w, with one backward or with two."""
    w = numpy.array([0.0, 1.0])
    true = numpy.exp(w) + 2 * numpy.exp(2 * w)
    for name in ("one_flag.py", "two_backwards_retained.py"):
        assert values(FOLDER + name)["dT_dw"] == pytest.approx(true, rel=1e-6)
    obeyed = values(FOLDER + "missing_obeyed.py")
    assert obeyed["dT_dw"] == pytest.approx(numpy.exp(w), rel=1e-6)
    assert obeyed["dT_dw"] != pytest.approx(true, rel=0.1)
    assert obeyed["penalty"] == pytest.approx(1 + math.e**2, rel=1e-6)


def test_second_derivative(values):
    """SymPy differentiates (u u_x - u_xx)^2 by the weight, and not with u_xx as a constant."""
    w, x = sympy.symbols("w x")
    u = w * x**3
    loss = (u * u.diff(x) - u.diff(x, 2)) ** 2
    true = float(loss.diff(w).subs({w: 3, x: 1}))
    right = values(FOLDER + "second_derivative_right.py")
    obeyed = values(FOLDER + "second_derivative_obeyed.py")
    assert right["loss"] == obeyed["loss"] == float(loss.subs({w: 3, x: 1}))
    assert right["dloss_dw"] == pytest.approx(true, rel=1e-6)
    constant = sympy.Symbol("c")
    held = ((u * u.diff(x) - constant) ** 2).diff(w).subs({w: 3, x: 1, constant: 18})
    assert obeyed["dloss_dw"] == pytest.approx(float(held), rel=1e-6)
    assert obeyed["dloss_dw"] != pytest.approx(true, rel=0.1)


def test_rows(values):
    """The rows of the Jacobian of w x^2 by x are 2 w x."""
    rows = values(FOLDER + "rows_retained.py")["rows"]
    assert rows == [2 * 1.0 * 3.0, 2 * 2.0 * 3.0]


def test_rows_in_a_penalty(values):
    """The gradient of sum((w x^2)^2) + sum((2 w x)^2) is 2 w x^4 + 8 w x^2."""
    x = 3.0
    true = [2 * w * x**4 + 8 * w * x**2 for w in (1.0, 2.0)]
    assert values(FOLDER + "rows_penalty.py")["dT_dw"] == pytest.approx(true)
    wrong = values(FOLDER + "rows_penalty_wrong.py")
    assert wrong["dT_dw"] == pytest.approx([2 * w * x**4 for w in (1.0, 2.0)])
    assert wrong["dT_dw"] != pytest.approx(true, rel=0.1)


def test_two_steps(values):
    """Two steps of gradient descent on sum(e^2w), each with the gradient at its own weight."""
    start = numpy.array([0.0, 1.0])
    first = start - 0.1 * 2 * numpy.exp(2 * start)
    second = first - 0.1 * 2 * numpy.exp(2 * first)
    assert values(FOLDER + "inside.py")["w_after"] == pytest.approx(second, rel=1e-5)
    stale = values(FOLDER + "outside_obeyed.py")["w_after"]
    assert stale == pytest.approx(start + 2 * (first - start), rel=1e-5)
    assert stale != pytest.approx(second, rel=0.1)


@pytest.mark.parametrize(
    "name",
    ["missing.py", "second_derivative.py", "rows.py", "two_backwards.py", "outside.py"],
)
def test_all_raise_the_same(values, name):
    """All five ways end in the same message."""
    error = values(FOLDER + name)["error"]
    assert error == values(FOLDER + "missing.py")["error"]
    assert "a second time" in error
