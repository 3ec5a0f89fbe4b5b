"""Oracles for docs/pitfalls/dropout.md: closed forms, never autograd."""

import numpy as np
import pytest

FOLDER = "pitfalls/dropout/"


def test_one_mask(values):
    """With u = m x^3, the derivatives are 3 m x^2 and 6 m x, with the mask of the value."""
    found = values(FOLDER + "same_mask.py")
    assert found["first"] is True and found["second"] is True
    right, wrong = values(FOLDER + "one_forward.py"), values(FOLDER + "two_forwards.py")
    assert right["same_network"] is True
    assert wrong["same_network"] is False


def test_seeded_difference(values):
    """P = sum (3 m x^2)^2 has the slope sum 36 m^2 x^3; only the seeded difference agrees."""
    right, wrong = values(FOLDER + "seeded.py"), values(FOLDER + "unseeded.py")
    x = np.linspace(1, 2, 100)
    assert right["slope"] == pytest.approx(right["difference"], rel=1e-6)
    all_kept = (36 * 4 * x**3).sum()
    assert 0.2 * all_kept < right["slope"] < 0.8 * all_kept
    assert abs(wrong["difference"]) > 100 * all_kept


def test_checks(values):
    """The check fails with fresh masks and passes with a fixed one."""
    assert "Jacobian mismatch" in values(FOLDER + "gradgradcheck.py")["error"]
    assert values(FOLDER + "gradgradcheck_seeded.py")["passes"] is True


def test_checkpoint(values):
    """Without the random state, value and gradient have different masks."""
    right, wrong = values(FOLDER + "checkpoint_right.py"), values(FOLDER + "checkpoint.py")
    assert right["same_mask"] is True
    assert wrong["first"] is False and wrong["same_mask"] is False


def test_mean_of_the_square(values):
    """The mean of m^2 is 1 / (1 - p), and the gradient without dropout is 3."""
    train, evaluation = values(FOLDER + "expectation.py")["P"]
    assert evaluation == 9
    assert train == pytest.approx(9 / (1 - 0.5), rel=0.02)


def test_vmap(values):
    """vmap asks."""
    assert "randomness" in values(FOLDER + "vmap.py")["error"]
