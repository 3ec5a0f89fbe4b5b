"""Oracles for docs/pitfalls/unused-input.md: SymPy and finite differences, never autograd."""

import pytest
import sympy

FOLDER = "pitfalls/unused_input/"


def test_slice(values):
    """With u = x t^2, u_t is 2 x t and u_tt is 2 x, whatever a new slice says."""
    x, t = sympy.symbols("x t")
    u = x * t**2
    point = {x: 1, t: 2}
    true = float(u.diff(t).subs(point))
    right = values(FOLDER + "slice_right.py")
    assert right["u_t"] == pytest.approx([true])
    assert right["u_tt"] == pytest.approx([float(u.diff(t, 2).subs(point))])
    assert values(FOLDER + "slice_zero.py")["u_t"] != pytest.approx([true])


def test_inner_step(values):
    """One step of descent on w^4 before w^2, against a central difference."""

    def outer(w):
        return (w - 0.1 * 4 * w**3) ** 2

    h = 1e-5
    true = (outer(1 + h) - outer(1 - h)) / (2 * h)
    assert values(FOLDER + "inner_step_right.py")["meta"] == pytest.approx(true, rel=1e-5)
    assert values(FOLDER + "inner_step_zero.py")["meta"] == 0 != pytest.approx(true)


def test_missing_flag(values):
    """With r = y u_x and u = x^3 y, the derivative of r by x is 6 x y^2."""
    x, y = sympy.symbols("x y")
    true = float((y * (x**3 * y).diff(x)).diff(x).subs({x: 2, y: 3}))
    assert values(FOLDER + "flag.py")["dr_dx"] == pytest.approx(true)
    assert values(FOLDER + "no_flag.py")["dr_dx"] != pytest.approx(true)


def test_last_bias(values):
    """Only the last bias drops out of the input gradient."""
    assert values(FOLDER + "last_bias_right.py")["unused"] == ["2.bias"]
    assert "at index 3" in values(FOLDER + "last_bias.py")["error"]


def test_second_derivative_of_a_product(values):
    """With u = a x, u_x is a and u_xx is zero."""
    result = values(FOLDER + "zero.py")
    assert result["u_x"] == 3
    assert result["zero"] == 0
    assert result["unused"] is None
