"""Oracles for docs/pitfalls/graph-kept-alive.md: counts that reference counting must give."""

import pytest

FOLDER = "pitfalls/graph_kept_alive/"
STEPS = 5


@pytest.mark.parametrize(("wrong", "right"), [("tensor", "number"), ("running", "running_number")])
def test_saved_tensors(values, wrong, right):
    """A kept tensor keeps the same number of saved tensors for each step, a number none."""
    kept, released = values(FOLDER + wrong + ".py"), values(FOLDER + right + ".py")
    assert kept["kept"] > 0 and kept["kept"] % STEPS == 0
    assert released["kept"] == 0
    assert kept["learns"] is True and released["learns"] is True


def test_logged_values(values):
    """L = sum of w^3 at one: g is 3, and the penalty is 3 times 9."""
    w = [1.0] * 3
    penalty = sum((3 * x**2) ** 2 for x in w)
    for name in ("number.py", "trained.py"):
        assert values(FOLDER + name)["log"] == [penalty] * STEPS
    assert values(FOLDER + "running_number.py")["log"] == [penalty * STEPS]


def test_after_backward(values):
    """A backward pass frees the saved tensors, and not the batches."""
    assert values(FOLDER + "trained.py")["kept"] == 0
    assert values(FOLDER + "inputs.py")["kept"] == STEPS
    assert values(FOLDER + "inputs_released.py")["kept"] == 0


def test_the_curves_over_the_steps(values):
    """Each step adds what two powers and a product keep; a number keeps nothing."""
    known = values("pitfalls/graph_kept_alive/curve.py")
    assert known["tensors"] == [3 * step for step in range(1, 21)]
    assert known["numbers"] == [0] * 20
