"""Oracles for the four ways: closed forms of penalties and of minima."""

import numpy as np
import pytest


def test_penalty_alone(values):
    """With y = sum tanh(w x), dP/dw = 2 w s^2 - 4 w^2 x t s^2, where s = 1 - t^2."""
    w, x = np.array([1.0, 2.0]), np.array([0.5, -1.0])
    step = 1e-6

    def penalty(w):
        return (w**2 * (1 - np.tanh(w * x) ** 2) ** 2).sum()

    basis = np.eye(2) * step
    expected = [(penalty(w + e) - penalty(w - e)) / (2 * step) for e in basis]
    t = np.tanh(w * x)
    s = 1 - t**2
    closed = 2 * w * s**2 - 4 * w**2 * x * t * s**2
    assert closed == pytest.approx(expected, rel=1e-6)
    found = values("recipes/four_ways/does_not_raise.py")["penalty"]
    assert found == pytest.approx(penalty(w), rel=1e-6)
    assert "does not require grad" in values("recipes/four_ways/raises.py")["error"]


def test_a_cut_penalty_is_no_penalty(values):
    """Cut, the run with the penalty ends with the same bits; kept, its penalty is far lower."""
    cut, kept = values("recipes/four_ways/inert_cut.py"), values("recipes/four_ways/inert_kept.py")
    assert cut["inert"] is True
    assert cut["penalty_with"] == cut["penalty_without"]
    assert kept["inert"] is False
    assert kept["penalty_with"] < kept["penalty_without"] / 3


def test_score_matching_finds_the_precision(values):
    """The minimum of the score-matching loss is one over the mean square of the data, 4."""
    assert values("recipes/four_ways/biased_kept.py")["theta"] == pytest.approx(1 / 4, rel=1e-12)
    assert values("recipes/four_ways/biased_cut.py")["theta"] == pytest.approx(0, abs=1e-12)


def test_maml_and_its_first_order(values):
    """The minima of the quadratics are weighted means of the goals."""
    c, m, rate = np.array([1.0, 3.0]), np.array([0.0, 4.0]), 0.25

    def minimum(weights):
        return (weights * m).sum() / weights.sum()

    maml, first_order = minimum(c * (1 - rate * c) ** 2), minimum(c * (1 - rate * c))
    assert (minimum(c), first_order, maml) == (3, 2, 1)

    def outer(start):
        return (c * (1 - rate * c) ** 2 * (start - m) ** 2 / 2).sum()

    kept, cut = (values(f"recipes/four_ways/other_{name}.py") for name in ("kept", "cut"))
    assert kept["start"] == pytest.approx(maml, rel=1e-12)
    assert kept["outer"] == pytest.approx(outer(maml))
    assert cut["start"] == pytest.approx(first_order, rel=1e-12)
    assert cut["start"] != pytest.approx(maml, rel=1e-12)
    assert cut["outer"] == pytest.approx(outer(first_order))


def test_a_cut_residual_arrives_diverges_or_stays(values):
    """For u = w sin 3t and u_tt + k u = 0, each step multiplies w by one number."""
    m = (np.sin(3 * np.linspace(0, 6, 50)) ** 2).mean()
    found = values("recipes/four_ways/residual.py")
    rate = 2 * 0.01 * m
    kept = [abs(1 - rate * (k - 9) ** 2) ** 40 for k in (16, 4, 0)]
    cut = [abs(1 - rate * (k - 9) * k) ** 40 for k in (16, 4, 0)]
    assert found["kept"] == pytest.approx(kept, rel=1e-2, abs=1e-6)
    assert found["cut"] == pytest.approx(cut, rel=1e-2, abs=1e-6)
    assert max(kept) < 1e-2
    assert cut[0] < 1e-2 < cut[2] == 1 < cut[1]
