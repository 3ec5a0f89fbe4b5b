"""Oracles for the guide to custom functions: derivatives of x e^x by SymPy."""

import pytest
import sympy

x = sympy.Symbol("x")
Y = x * sympy.exp(x)


def derivative(order, at):
    """The derivative of x e^x."""
    return float(sympy.diff(Y, x, order).subs(x, at))


def test_second_derivative(values):
    """Returned intermediates are right; saved or marked ones lose a part."""
    true = derivative(2, 0.5)
    assert values("guides/autograd_function/returned.py")["second"] == pytest.approx(true, abs=1e-4)
    for name in ("intermediate", "marked"):
        found = values(f"guides/autograd_function/{name}.py")["second"]
        assert found == pytest.approx(float(sympy.exp(0.5)), abs=1e-4)
        assert found != pytest.approx(true, abs=1e-4)


def test_second_derivatives_by_vmap(values):
    """vmap of grad of grad is the second derivative at each point."""
    found = values("guides/autograd_function/setup_context.py")["second"]
    assert found == pytest.approx([derivative(2, 0.5), derivative(2, -1.0)], rel=1e-12)


def test_forgotten_derivative_by_the_incoming_gradient(values):
    """Alone, the second derivative is right, so only gradgradcheck tells."""
    found = values("guides/autograd_function/outer_lost.py")["second"]
    assert found == pytest.approx([derivative(2, 0.5), derivative(2, -1.0)], rel=1e-12)


def test_forward_mode(values):
    """jvp gives the first derivative."""
    found = values("guides/autograd_function/jvp.py")["slope"]
    assert found == pytest.approx(derivative(1, 0.5), rel=1e-12)


def test_special_point(values):
    """The second derivative of x^2 is 2 at zero as well."""
    assert values("guides/autograd_function/special_point.py")["second"] == 2
    assert values("guides/autograd_function/both_pass.py")["second"] != 2
