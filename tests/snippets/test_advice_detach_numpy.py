"""Oracles for docs/pitfalls/advice-detach-numpy.md: closed forms, SciPy, differences."""

import numpy
import pytest
from scipy.special import j0, j1

FOLDER = "pitfalls/advice_detach_numpy/"


def test_length_of_the_gradient(values):
    """The gradient of |w|^2 / 2 + |w| is w + w / |w|."""
    w = numpy.array([3.0, 4.0])
    true = w + w / numpy.linalg.norm(w)
    for name in ("right.py", "log.py"):
        assert values(FOLDER + name)["dT_dw"] == pytest.approx(true, rel=1e-6)
    for name in ("obeyed.py", "back_again.py"):
        wrong = values(FOLDER + name)["dT_dw"]
        assert wrong == pytest.approx(w, rel=1e-6)
        assert wrong != pytest.approx(true, rel=0.1)
    assert values(FOLDER + "right.py")["total"] == w @ w / 2 + numpy.linalg.norm(w)


def test_bessel(values):
    """Differences of J0^2 in float64, and the closed form with and without the cut term."""
    x, h = 1.0, 1e-4
    first = (j0(x + h) ** 2 - j0(x - h) ** 2) / (2 * h)
    second = (j0(x + h) ** 2 - 2 * j0(x) ** 2 + j0(x - h) ** 2) / h**2
    right = values(FOLDER + "function_right.py")
    assert right["y_x"] == pytest.approx([first], rel=1e-5)
    assert right["y_xx"] == pytest.approx(second, rel=1e-5)
    assert second == pytest.approx(2 * j1(x) ** 2 - 2 * j0(x) * (j0(x) - j1(x) / x), rel=1e-6)
    wrong = values(FOLDER + "function_obeyed.py")
    assert wrong["y_x"] == pytest.approx([first], rel=1e-5)
    assert wrong["y_xx"] == pytest.approx(2 * j1(x) ** 2, rel=1e-5)
    assert wrong["y_xx"] * second < 0


def test_first_derivative_of_the_function(values):
    """The derivative of J0 is -J1."""
    assert values(FOLDER + "function_message.py")["y_x"] == pytest.approx([-j1(1.0)], rel=1e-6)
