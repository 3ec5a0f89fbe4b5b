"""Oracles for docs/pitfalls/hooks-twice.md: SymPy, never autograd."""

import pytest
import sympy

FOLDER = "pitfalls/hooks_twice/"
X = sympy.Symbol("x")
SLOPE = (X**3).diff(X)


def test_scaled(values):
    """The penalty (30 x^2)^2 has the gradient 28800 at x = 2; a hook makes it ten times that."""
    true = float(((10 * SLOPE) ** 2).diff(X).subs(X, 2))
    for name in ("scaled_right.py", "removed.py"):
        assert values(FOLDER + name)["dP_dx"] == true
    assert values(FOLDER + "difference.py")["dP_dx"] == pytest.approx(true, rel=1e-6)
    for name in ("scaled.py", "module.py"):
        wrong = values(FOLDER + name)
        assert wrong["P"] == float(((10 * SLOPE) ** 2).subs(X, 2))
        assert wrong["dP_dx"] == 10 * true


def test_clamped(values):
    """At x = 0.5 the slope is inside the limits, so the penalty is (3 x^2)^2."""
    true = float((SLOPE**2).diff(X).subs(X, 0.5))
    assert abs(SLOPE.subs(X, 0.5)) < 1
    assert values(FOLDER + "clamped_right.py")["dP_dx"] == true
    assert values(FOLDER + "clamped.py")["dP_dx"] == min(true, 1.0)


def test_reversed(values):
    """The reversed slope -3 x^2 has the derivative -12 at x = 2."""
    true = float((-SLOPE).diff(X).subs(X, 2))
    assert values(FOLDER + "reversal_right.py")["dr_dx"] == [true]
    assert values(FOLDER + "reversal.py")["dr_dx"] == [-true]


def test_mask(values):
    """A mask leaves the first entry as it is, and the second at zero."""
    mask = values(FOLDER + "mask.py")
    assert mask["dP_dx"] == [float((SLOPE**2).diff(X).subs(X, 2)), 0.0]


def test_both_terms(values):
    """The hook multiplies the loss gradient by 10 and that of the penalty by 1000, not by 100."""
    mixed = values(FOLDER + "mixed.py")
    loss, penalty = (float(f.diff(X).subs(X, 2)) for f in (X**3, SLOPE**2))
    assert mixed["dL_dx"] == 10 * loss
    assert mixed["dP_dx"] == 1000 * penalty
    assert float(((10 * SLOPE) ** 2).diff(X).subs(X, 2)) == 100 * penalty
