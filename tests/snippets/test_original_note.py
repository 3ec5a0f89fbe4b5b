"""Oracles for the original note and its errata: closed forms, SymPy, finite differences."""

import numpy as np
import pytest
import sympy


def test_the_toy(values):
    """The derivative of d is b (1 + 2b); with dc/da held constant it is b."""
    a, b, held = sympy.symbols("a b held")
    dc_da = sympy.diff(a**2 * b, a)
    truth = float(sympy.diff((a + dc_da) * b, a).subs({a: 1, b: 2}))
    cut = float(sympy.diff((a + held) * b, a).subs({a: 1, b: 2}))
    assert values("about/original_note/right.py")["dd_da"] == truth
    assert values("about/original_note/wrong.py")["dd_da"] == cut
    assert cut != truth


def test_the_point(values):
    """At a = 3 the value of d is 30 and its derivative still 10."""
    found = values("about/original_note/collide.py")
    assert (found["d"], found["dd_da"]) == ((3 + 2 * 3 * 2) * 2, 2 * (1 + 2 * 2))


def test_the_motivating_loss(values):
    """The gradient of the loss plus the norm of its gradient equals a finite difference."""
    found = values("about/original_note/motivating_right.py")
    x, y, w = (np.array(found[name], dtype=np.float64) for name in ("x", "y", "w"))

    def partial_loss(w):
        return ((x @ w - y) ** 2).mean()

    def total_loss(w):
        grad = 2 / y.size * x.T @ (x @ w - y)
        return partial_loss(w) + np.linalg.norm(grad)

    def slope(loss):
        moves = 1e-6 * np.eye(w.size)[:, :, None]
        return np.array([(loss(w + m) - loss(w - m)) / 2e-6 for m in moves])[:, None]

    assert np.array(found["dL_dw"]) == pytest.approx(slope(total_loss), rel=1e-4, abs=1e-5)
    assert np.array(found["dL_dw"]) != pytest.approx(slope(partial_loss), rel=1e-1)


def test_the_contractive_penalty(values):
    """SymPy gives the penalty, its derivative, and another number for the loss's gradient."""
    x, w = sympy.symbols("x w")
    h = 1 / (1 + sympy.exp(-w * x))
    penalty = sympy.diff(h, x) ** 2
    loss_slope = sympy.diff((w * h - x) ** 2, w)
    at = {x: sympy.Rational(1, 2), w: 2}
    found = values("about/original_note/contractive.py")
    assert found["penalty"] == pytest.approx(float(penalty.subs(at)), rel=1e-12)
    assert found["closed_form"] == pytest.approx(float(penalty.subs(at)), rel=1e-12)
    slope = float(sympy.diff(penalty, w).subs(at))
    assert found["dpenalty_dw"] == pytest.approx(slope, rel=1e-12)
    assert found["dloss_dw"] == pytest.approx(float(loss_slope.subs(at)), rel=1e-12)
    assert found["dloss_dw"] ** 2 != pytest.approx(found["penalty"], rel=1e-1)


def test_meta_learning(values):
    """The outer derivative is that of SymPy; first order leaves out the inner step's slope."""
    w = sympy.Symbol("w")
    adapted = w - sympy.diff(w**4, w) / 10
    found = values("about/original_note/meta_learning.py")
    truth = float(sympy.diff(adapted**2, w).subs(w, 1))
    assert found["second_order"] == pytest.approx(truth, rel=1e-6)
    assert found["first_order"] == pytest.approx(float((2 * adapted).subs(w, 1)), rel=1e-6)
    assert found["first_order"] != pytest.approx(truth, rel=1e-1)


def test_iterations(values):
    """The state after three steps is (1/8 + 1/4 + 1/2 + 1) w; with its history cut, w + const."""
    found = values("about/original_note/iterated.py")
    assert found["dthrough_dw"] == sum(0.5**k for k in range(4))
    assert found["ddetached_dw"] == 1
