"""Oracles for docs/pitfalls/distributed-data-parallel.md: SymPy per rank, then the mean."""

import pytest
import sympy

FOLDER = "pitfalls/distributed_data_parallel/"
W, B, X = sympy.symbols("w b x")
Y = W * X**3 + B
LOSS, PENALTY = Y**2, sympy.diff(Y, X) ** 2


def per_rank(expression):
    """The derivative by w at w = 1 and b = 0, for the data of rank 0 and of rank 1."""
    slope = sympy.diff(expression, W)
    return [float(slope.subs({W: 1, B: 0, X: x})) for x in (1, 2)]


def mean(expression):
    return [sum(per_rank(expression)) / 2] * 2


def test_what_is_averaged(values):
    """These leave the mean over the data of both ranks on both ranks."""
    assert values(FOLDER + "connected.py")["dP_dw"] == mean(PENALTY)
    for name in ("together.py", "reduced.py"):
        assert values(FOLDER + name)["dT_dw"] == mean(LOSS + PENALTY)


def test_what_is_not(values):
    """These leave each rank with the gradient of its own data."""
    assert values(FOLDER + "penalty_only.py")["dP_dw"] == per_rank(PENALTY) != mean(PENALTY)
    for name in ("bypassed.py", "module.py", "static_graph.py"):
        assert values(FOLDER + name)["dT_dw"] == per_rank(LOSS + PENALTY) != mean(LOSS + PENALTY)


def test_two_backwards(values):
    """The mean gradient of the loss, plus each rank's own gradient of the penalty."""
    true = [a + b for a, b in zip(mean(LOSS), per_rank(PENALTY), strict=True)]
    assert values(FOLDER + "two_backwards.py")["dT_dw"] == true != mean(LOSS + PENALTY)


@pytest.mark.parametrize("name", ["next_step.py", "ready_twice.py"])
def test_errors(values, name):
    """Both errors are PyTorch's own."""
    assert values(FOLDER + name)["error"].startswith("RuntimeError: Expected to ")
