"""Oracles for docs/pitfalls/advice-requires-grad.md: closed forms, never autograd."""

import numpy
import pytest

FOLDER = "pitfalls/advice_requires_grad/"


def penalty(w):
    return ((3 * w**2) ** 2).sum()


def test_penalty(values):
    """Differences of the penalty find 36 w^3; the label leaves nothing."""
    w, h = numpy.array([1.0, 2.0]), 1e-5
    true = [(penalty(w + h * e) - penalty(w - h * e)) / (2 * h) for e in numpy.eye(2)]
    right, wrong = values(FOLDER + "right.py"), values(FOLDER + "labeled.py")
    assert right["dP_dw"] == pytest.approx(true, rel=1e-7)
    assert right["penalty"] == wrong["penalty"] == penalty(w)
    assert wrong["dP_dw"] == [0, 0]


def test_twenty_steps(values):
    """Gradient descent on (3 w^2)^2 in closed form; with the label, w stays where it was."""
    w = 1.0
    for _ in range(20):
        w -= 0.005 * 36 * w**3
    assert values(FOLDER + "train_right.py")["w_20"] == pytest.approx(w, rel=1e-5)
    assert values(FOLDER + "train.py")["w_20"] == 1.0 != pytest.approx(w, rel=0.1)


def test_before(values):
    """With y_x = 2 w x, the derivative of its square by w is 8 w x^2."""
    before = values(FOLDER + "before.py")
    assert before["y_x"] == 2 * 2 * 3
    assert before["dP_dw"] == 8 * 2 * 3**2


def test_errors(values):
    """What raises, and what it says."""
    assert "element 0" in values(FOLDER + "message.py")["error"]
    assert "not have been used" in values(FOLDER + "asked.py")["error"]
