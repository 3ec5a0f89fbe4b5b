"""Oracles for docs/pitfalls/checkpointing.md: SymPy, never autograd."""

import numpy as np
import pytest
import sympy
import torch

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


def test_checkpoint_in_a_functional_call(values):
    """Only the checkpoint around the call agrees with differences; the one inside does not."""
    found = values("pitfalls/checkpointing/functional.py")
    torch.manual_seed(0)
    first, last = torch.nn.Linear(3, 8), torch.nn.Linear(8, 2)
    net = torch.nn.Sequential(first, torch.nn.Tanh(), last)
    w = {name: 1.5 * value.double().numpy() for name, value in net.state_dict().items()}
    x = torch.randn(4, 3, dtype=torch.float64).numpy()

    def loss(W):
        h = np.tanh(x @ W.T + w["0.bias"])
        return ((h @ w["2.weight"].T + w["2.bias"]) ** 2).sum()

    true = np.zeros_like(w["0.weight"])
    for index in np.ndindex(*true.shape):
        step = np.zeros_like(true)
        step[index] = 1e-6
        true[index] = (loss(w["0.weight"] + step) - loss(w["0.weight"] - step)) / 2e-6
    assert np.array(found["right"]) == pytest.approx(true, rel=1e-5)
    assert np.array(found["wrong"]) != pytest.approx(true, rel=1e-2)


def test_a_gradient_inside_a_checkpoint(values):
    """The slope of a linear layer is its weight, so the penalty is w^2 with the gradient 2 w."""
    found = values(FOLDER + "grad_inside.py")
    assert found["dP_dW"] == (2 * np.array([[1.0, 2.0]])).tolist()
