"""Oracles for docs/pitfalls/no-grad-fn.md: closed forms with SymPy, never autograd."""

import pytest
import sympy

FOLDER = "pitfalls/no_grad_fn/"


def test_penalty(values):
    """The gradient of the penalty sum((3 w^2)^2) is 36 w^3, and a label does not give it."""
    w = sympy.Symbol("w")
    dP = ((w**3).diff(w) ** 2).diff(w)
    true = [float(dP.subs(w, value)) for value in (1, 2)]
    assert values(FOLDER + "right.py")["dP_dw"] == pytest.approx(true)
    assert values(FOLDER + "labeled.py")["dP_dw"] is None


def test_total(values):
    """The gradient of the sum of loss and penalty is 3 w^2 + 36 w^3."""
    true = [3 * w**2 + 36 * w**3 for w in (1.0, 2.0)]
    assert values(FOLDER + "with_a_loss_right.py")["dT_dw"] == pytest.approx(true)
    wrong = values(FOLDER + "with_a_loss.py")
    assert wrong["dT_dw"] == pytest.approx([3 * w**2 for w in (1.0, 2.0)])
    assert wrong["dT_dw"] != pytest.approx(true, rel=0.1)
    assert wrong["total"] == values(FOLDER + "with_a_loss_right.py")["total"]


def test_constant_gradient(values):
    """A linear function has the second derivative zero, and x^3 has 6 x."""
    x = sympy.Symbol("x")
    assert (3 * x).diff(x, 2) == 0
    right = values(FOLDER + "constant_right.py")
    assert right["u_x"] == pytest.approx([3.0, 3.0])
    assert right["u_xx"] == [0.0, 0.0]
    func = values(FOLDER + "func.py")
    assert func["linear"] == 0
    assert func["cubic"] == pytest.approx(float((x**3).diff(x, 2).subs(x, 2)))


def test_input_that_requires_a_gradient(values):
    """The derivatives of sum(x^3) are 3 x^2 and 6 x."""
    early = values(FOLDER + "early.py")
    assert early["u_x"] == pytest.approx([3.0, 12.0])
    assert early["u_xx"] == pytest.approx([6.0, 12.0])


def test_same_message_for_three_causes(values):
    """A missing flag, a constant gradient and a late input raise the same message."""
    errors = {values(FOLDER + name)["error"] for name in ("missing.py", "constant.py", "late.py")}
    assert len(errors) == 1
    assert "does not have a grad_fn" in errors.pop()
