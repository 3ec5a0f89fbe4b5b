"""Oracles for docs/pitfalls/in-place.md: closed forms and SymPy, never autograd."""

import pytest
import sympy

FOLDER = "pitfalls/in_place/"


def test_gradient_of_the_penalty(values):
    """With P = sum((3 w^2)^2), the gradient at the weight of the forward pass is 36 w^3."""
    w = sympy.Symbol("w")
    dP = ((w**3).diff(w) ** 2).diff(w)
    true = [float(dP.subs(w, value)) for value in (1, 2)]
    for name in ("order.py", "allowed.py"):
        assert values(FOLDER + name)["dP_dw"] == pytest.approx(true)
    data = values(FOLDER + "data.py")["dP_dw"]
    assert data != pytest.approx(true, rel=0.1)
    mixed = [2 * 3 * old**2 * 6 * (old - 0.5) for old in (1.0, 2.0)]
    assert data == pytest.approx(mixed)


def test_the_weight_really_moved(values):
    """With the step in between, the weight is half a unit lower."""
    assert values(FOLDER + "allowed.py")["w"] == pytest.approx([0.5, 1.5])


def test_scaled(values):
    """Ten times the gradient gives a hundred times the penalty, and a hundred times its slope."""
    true = [100 * 36 * w**3 for w in (1.0, 2.0)]
    right = values(FOLDER + "scaled_right.py")
    wrong = values(FOLDER + "scaled_no_grad.py")
    assert right["dP_dw"] == pytest.approx(true)
    assert wrong["dP_dw"] == pytest.approx([value / 10 for value in true])
    assert right["penalty"] == wrong["penalty"] == 100 * (3.0**2 + 12.0**2)


def test_activation(values):
    """With L = sum((2 x)^3), the derivatives are 24 x^2 and 48 x."""
    result = values(FOLDER + "activation_right.py")
    assert result["g"] == pytest.approx([24.0, 96.0])
    assert result["d2L"] == pytest.approx([48.0, 96.0])
    assert result["h"] == [2 * x + 1 for x in (1.0, 2.0)]


def test_in_place_activation_is_harmless(values):
    """Both spellings of ReLU give the same second pass, and it is not zero."""
    first, second = values(FOLDER + "harmless.py")["results"]
    assert first == second
    assert any(abs(entry) > 0 for row in first for entry in row)
