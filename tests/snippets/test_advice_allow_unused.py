"""Oracles for docs/pitfalls/advice-allow-unused.md: closed forms in NumPy, never autograd."""

import numpy
import pytest

FOLDER = "pitfalls/advice_allow_unused/"


def total(w):
    """Sum of w tanh(x / 4), plus the squared length of its gradient by x."""
    x = numpy.array([2.0, 4.0])
    y = (w * numpy.tanh(x / 4)).sum()
    y_x = w / numpy.cosh(x / 4) ** 2 / 4
    return y + (y_x**2).sum()


def test_the_tensor_that_went_in(values):
    """Differences of the total find the penalty's part, which the filtered None loses."""
    w, h = numpy.array([1.0, 2.0]), 1e-5
    true = [(total(w + h * e) - total(w - h * e)) / (2 * h) for e in numpy.eye(2)]
    right = values(FOLDER + "right.py")
    assert right["dT_dw"] == pytest.approx(true, rel=1e-5)
    assert right["total"] == pytest.approx(total(w), rel=1e-6)
    wrong = values(FOLDER + "filtered.py")
    assert wrong["penalty"] == 0
    assert wrong["dT_dw"] == pytest.approx(numpy.tanh([0.5, 1.0]), rel=1e-5)
    assert wrong["dT_dw"] != pytest.approx(true, rel=0.02)


def test_mixed_points(values):
    """At x = (2, 1) the gradient 2 w x is (3, 4), of length 5."""
    right = values(FOLDER + "interpolated_right.py")
    assert right["length"] == 5
    assert right["penalty"] == (5 - 1) ** 2
    wrong = values(FOLDER + "interpolated.py")
    assert wrong["length"] == 0
    assert wrong["penalty"] == 1


def test_copy(values):
    """(2 x_1 + 2 x_2 + b)^2 at x = (1, 0), b = 0 has the gradient (4, 0) and 4 by b."""
    assert values(FOLDER + "copied_right.py")["penalty"] == 4**2 + 0**2 + 4**2
    assert values(FOLDER + "copied.py")["penalty"] == 0


def test_only_the_last_bias_is_missing(values):
    """The derivative by the input does not contain the bias that is added last."""
    assert "error" not in values(FOLDER + "named.py")
    assert "'NoneType' object has no attribute 'pow'" in values(FOLDER + "none.py")["error"]
