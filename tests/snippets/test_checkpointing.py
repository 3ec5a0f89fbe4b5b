"""Oracles for docs/pitfalls/checkpointing.md: SymPy, never autograd."""

import sympy

FOLDER = "pitfalls/checkpointing/"
W, X = sympy.symbols("w x")
Y = W * X**3
Y_X = sympy.diff(Y, X)


def at(expression):
    return float(expression.subs({W: 1, X: 2}))


def test_total(values):
    """The derivative of y^2 + y_x^2 by w; the advice leaves that of y^2."""
    true = at(sympy.diff(Y**2 + Y_X**2, W))
    right, wrong = values(FOLDER + "obeyed_right.py"), values(FOLDER + "obeyed.py")
    assert right["dT_dw"] == true
    assert wrong["dT_dw"] == at(sympy.diff(Y**2, W)) != true
    assert right["total"] == wrong["total"] == at(Y**2 + Y_X**2)
    assert right["y_x"] == wrong["y_x"] == at(Y_X)


def test_who_can_be_differentiated(values):
    """The variant that is not reentrant gives what no checkpoint gives; the default raises."""
    assert values(FOLDER + "critic_right.py")["same"] == [True] * 4
    assert "use_reentrant=True" in values(FOLDER + "critic.py")["error"]
    assert values(FOLDER + "default.py")["error"] == values(FOLDER + "critic.py")["error"]


def test_memory(values):
    """Checkpointed blocks save memory for a score and none for a penalty; checkpointed parts do."""
    found = values(FOLDER + "memory.py")
    assert found["score_saved"] < 0.7 * found["score_plain"]
    assert found["whole_saved"] > found["whole"]
    assert found["parts_saved"] < 0.5 * found["parts"]
