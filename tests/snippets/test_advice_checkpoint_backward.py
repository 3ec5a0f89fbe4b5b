"""Oracles for docs/pitfalls/advice-checkpoint-backward.md: SymPy, never autograd."""

import pytest
import sympy

FOLDER = "pitfalls/advice_checkpoint_backward/"
W, X = sympy.symbols("w x")
Y = W * X**3
Y_X = sympy.diff(Y, X)


def at(expression):
    return float(expression.subs({W: 1, X: 2}))


def test_total(values):
    """The derivative of y^2 + y_x^2 by w; the advice leaves that of y^2."""
    true = at(sympy.diff(Y**2 + Y_X**2, W))
    right, wrong = values(FOLDER + "right.py"), values(FOLDER + "obeyed.py")
    assert right["dT_dw"] == true
    assert wrong["dT_dw"] == at(sympy.diff(Y**2, W)) != true
    assert right["total"] == wrong["total"] == at(Y**2 + Y_X**2)
    assert right["y_x"] == wrong["y_x"] == at(Y_X)


def test_first_order(values):
    """An ordinary gradient through a checkpoint is right."""
    assert values(FOLDER + "once.py")["dL_dw"] == at(sympy.diff(Y**2, W))


@pytest.mark.parametrize("name", ["message.py", "default.py", "inputs.py"])
def test_message(values, name):
    """All three ways into the checkpoint's backward pass raise the same message."""
    assert values(FOLDER + name)["error"] == values(FOLDER + "message.py")["error"]


def test_penalty_alone(values):
    """Without a loss beside it, the constant penalty raises."""
    assert "element 0" in values(FOLDER + "alone.py")["error"]
