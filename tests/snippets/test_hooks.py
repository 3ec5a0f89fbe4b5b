"""Oracles for docs/pitfalls/hooks.md: SymPy and closed forms, never autograd."""

import math

import pytest
import sympy

FOLDER = "pitfalls/hooks/"


def test_tensor_hook(values):
    """The first pass brings 3 w^2, the second the gradient of the penalty, 36 w^3."""
    w = sympy.Symbol("w")
    g = (w**3).diff(w)
    P = (g**2).diff(w)
    (first, differentiable), (second, constant) = values(FOLDER + "seen.py")["seen"]
    assert first == [float(g.subs(w, value)) for value in (1, 2)]
    assert second == [float(P.subs(w, value)) for value in (1, 2)]
    assert differentiable is True
    assert constant is False


def test_module_hook(values):
    """With u = h^3 and h = x1 + x2, the hook sees u_h, and then P_h for P = 2 (u_h)^2."""
    h = sympy.Symbol("h")
    u_h = (h**3).diff(h)
    P_h = (2 * u_h**2).diff(h)
    calls = values(FOLDER + "module.py")["seen"]
    for (grad_input, grad_output), true in zip(calls, (u_h, P_h), strict=True):
        number = float(true.subs(h, 3))
        assert grad_output == [number]
        assert grad_input == [number, number]


def test_number_of_calls(values):
    """A penalty on a linear function does not come back to the module."""
    assert values(FOLDER + "once.py")["calls"] == [1, 1]
    assert values(FOLDER + "accumulated.py")["seen"] == [[36.0, 288.0]]
    assert values(FOLDER + "in_place_module_right.py")["calls"] == [True, False]


def test_hook_that_doubles_one_term(values):
    """With y = x^3 + 2x and the path through 2x doubled, g = 2y 3x^2 + 2 (2y) 2."""
    x = sympy.Symbol("x")
    y = x**3 + 2 * x
    g = 2 * y * 3 * x**2 + 2 * (2 * y) * 2
    true = [float(g.subs(x, value)) for value in (1, 2)]
    slope = [float(g.diff(x).subs(x, value)) for value in (1, 2)]
    right = values(FOLDER + "changed_right.py")
    assert right["g"] == pytest.approx(true)
    assert right["dg_dx"] == pytest.approx(slope)
    both = 2 * (2 * y * 3 * x**2 + 2 * y * 2)
    shared = values(FOLDER + "shared.py")["g"]
    assert shared == pytest.approx([float(both.subs(x, value)) for value in (1, 2)])
    assert shared != pytest.approx(true, rel=0.1)


def test_loss_with_penalty(values):
    """The gradient of sum(w^3) + sum((3 w^2)^2) is 3 w^2 + 36 w^3."""
    true = [3 * w**2 + 36 * w**3 for w in (1.0, 2.0)]
    recorded = values(FOLDER + "numpy_right.py")
    assert recorded["dT_dw"] == pytest.approx(true)
    norms = [math.hypot(3, 12), math.hypot(*true)]
    assert recorded["norms"] == pytest.approx(norms, rel=1e-6)
    assert values(FOLDER + "not_detached.py")["dT_dw"] == pytest.approx(true)
    assert values(FOLDER + "detached.py")["dT_dw"] == pytest.approx([3.0, 12.0])


def test_hook_on_the_gradient(values):
    """With the flag, the gradient of the penalty is 36 w^3; without it, there is no hook."""
    dP_dw = values(FOLDER + "differentiable.py")["dP_dw"]
    assert dP_dw == pytest.approx([36 * w**3 for w in (1.0, 2.0)])
    assert "doesn't require gradient" in values(FOLDER + "not_differentiable.py")["error"]
