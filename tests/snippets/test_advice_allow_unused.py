"""Oracles for docs/pitfalls/advice-allow-unused.md: closed forms in NumPy, never autograd."""

import numpy
import pytest

FOLDER = "pitfalls/advice_allow_unused/"


X = numpy.array([0.2, 0.4])


def penalty(w, by_x=True):
    """The squared gradient of t sum(w tanh(2 x)) at t = 1, by x and t, or by t only."""
    y_x = w / numpy.cosh(2 * X) ** 2 * 2
    y_t = (w * numpy.tanh(2 * X)).sum()
    return (y_x**2).sum() * by_x + y_t**2


def gradient(by_x):
    """Central differences of y + penalty by w = (1, 2)."""
    w, h = numpy.array([1.0, 2.0]), 1e-5

    def total(w):
        return (w * numpy.tanh(2 * X)).sum() + penalty(w, by_x)

    return [(total(w + h * e) - total(w - h * e)) / (2 * h) for e in numpy.eye(2)]


def test_the_tensor_that_went_in(values):
    """Differences of the total find the part of x, which the filtered None loses."""
    right, wrong = values(FOLDER + "right.py"), values(FOLDER + "filtered.py")
    w = numpy.array([1.0, 2.0])
    assert right["penalty"] == pytest.approx(penalty(w), rel=1e-6)
    assert right["dT_dw"] == pytest.approx(gradient(by_x=True), rel=1e-5)
    assert wrong["penalty"] == pytest.approx(penalty(w, by_x=False), rel=1e-6)
    assert wrong["dT_dw"] == pytest.approx(gradient(by_x=False), rel=1e-5)
    assert wrong["dT_dw"] != pytest.approx(gradient(by_x=True), rel=0.1)


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
