"""Oracles for docs/pitfalls/leaf-in-place.md: finite differences and SymPy, never autograd."""

import pytest
import sympy

FOLDER = "pitfalls/leaf_in_place/"


def test_inner_step(values):
    """The derivative of (w - 0.4 w^3)^2 at 1, as a central difference, is -0.24."""

    def outer(w):
        return (w - 0.1 * 4 * w**3) ** 2

    h = 1e-5
    true = (outer(1 + h) - outer(1 - h)) / (2 * h)
    right = values(FOLDER + "right.py")
    assert right["meta"] == pytest.approx(true, rel=1e-5)
    first_order = values(FOLDER + "no_grad.py")
    assert first_order["meta"] == pytest.approx(2 * (1 - 0.4), rel=1e-6)
    assert first_order["meta"] != pytest.approx(true, rel=0.1)
    assert values(FOLDER + "parameter.py")["meta"] is None
    for result in (right, first_order, values(FOLDER + "parameter.py")):
        assert result["outer"] == pytest.approx(outer(1), rel=1e-6)


def test_boundary(values):
    """With the first entry replaced by zero, only the second has derivatives: 3 x^2 and 6 x."""
    a, b = sympy.symbols("a b")
    u = sympy.Integer(0) ** 3 + b**3
    point = {a: 1, b: 2}
    result = values(FOLDER + "boundary_right.py")
    assert result["u_x"] == pytest.approx([float(u.diff(x).subs(point)) for x in (a, b)])
    assert result["u_xx"] == pytest.approx([float(u.diff(x, 2).subs(point)) for x in (a, b)])


def test_penalty_behind_an_in_place_activation(values):
    """Both inputs are positive, so the gradient is the weight, and that of its square is 2 w."""
    result = values(FOLDER + "activation_right.py")
    weight = result["weight"][0]
    assert result["g"][0] == pytest.approx(weight)
    assert result["penalty"] == pytest.approx(sum(w**2 for w in weight))


def test_adapted_weights(values):
    """The inner step lowers the loss, and the outer pass reaches every weight."""
    found = values(FOLDER + "adapt.py")
    assert found["falls"] is True and found["reached"] is True
