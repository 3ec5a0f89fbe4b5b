"""Oracles for docs/pitfalls/dropout.md: closed forms, never autograd."""

from itertools import product

import numpy as np
import pytest
import torch

FOLDER = "pitfalls/dropout/"


def test_one_mask(values):
    """With u = m x^3, the derivatives are 3 m x^2 and 6 m x, with the mask of the value."""
    found = values(FOLDER + "same_mask.py")
    assert found["first"] is True and found["second"] is True


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


def test_shared_and_independent_masks(values):
    """The mean gradient of (v m t)^2 + |grad_x|^2 over all masks, from the mean of m m^T."""
    found = values(FOLDER + "masks.py")
    torch.manual_seed(0)
    x, W, v = (torch.randn(*n, dtype=torch.float64).numpy() for n in ((2,), (3, 2), (3,)))
    masks = [2.0 * np.array(mask) for mask in product((0, 1), repeat=3)]

    def mean(W):
        t = np.tanh(W @ x)
        slopes = [(v * m * (1 - t**2)) @ W for m in masks]
        return np.mean([(v @ (m * t)) ** 2 for m in masks]) + np.mean([s @ s for s in slopes])

    true = np.zeros((3, 2))
    for index in np.ndindex(3, 2):
        move = np.zeros((3, 2))
        move[index] = 1e-6
        true[index] = (mean(W + move) - mean(W - move)) / 2e-6
    assert np.array(found["shared"]) == pytest.approx(true, rel=1e-6)
    assert np.array(found["independent"]) == pytest.approx(true, rel=1e-6)
    assert found["equal"] is True


def test_one_matrix(values):
    """A Hessian needs one mask: shared columns, or products with one graph."""
    hessian = values(FOLDER + "hessian.py")
    assert hessian["symmetric"] == [True, False]
    assert hessian["twice_reverse"] is True
    assert values(FOLDER + "products.py")["same"] is False
    assert values(FOLDER + "products_right.py")["same"] is True


def test_mean_of_the_square_behind_a_bend(values):
    """The slope of tanh(m x^3) at 1 is 3 m / cosh(m)^2, with m of 0 or 2, and 1 without dropout."""
    train, evaluation = values(FOLDER + "expectation.py")["bent"]
    assert evaluation == pytest.approx((3 / np.cosh(1) ** 2) ** 2, rel=1e-4)
    assert train == pytest.approx((3 * 2 / np.cosh(2) ** 2) ** 2 / 2, rel=0.02)
    assert train < evaluation


def test_random_backward(values):
    """A checkpoint that forgets the random state has a backward pass that is random."""
    assert "Backward is not reentrant" in values(FOLDER + "reentrant.py")["error"]
