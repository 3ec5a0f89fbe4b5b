"""Oracles for docs/pitfalls/graph-kept-alive.md: counts that reference counting must give."""

from itertools import pairwise

import pytest
import torch

FOLDER = "pitfalls/graph_kept_alive/"
STEPS = 5


@pytest.mark.parametrize("name", ["loop", "running"])
def test_batches(values, name):
    """A kept tensor keeps the batch of each step, a number none."""
    assert values(f"{FOLDER}{name}.py")["batches_kept"] == STEPS
    assert values(f"{FOLDER}{name}_right.py")["batches_kept"] == 0


def test_the_logged_values_are_the_same(values):
    """What is logged does not depend on how: the penalties, and the mean slope."""
    assert values(FOLDER + "loop.py")["log"] == pytest.approx(
        values(FOLDER + "loop_right.py")["log"]
    )
    total = values(FOLDER + "running_right.py")["total"]
    assert values(FOLDER + "running.py")["total"] == pytest.approx(total)


def test_energy(values):
    """The forces are plain data, with four rows of three numbers, and the energy is one number."""
    found = values(FOLDER + "energy.py")
    assert [len(row) for row in found["forces"]] == [3] * 4
    assert isinstance(found["energy"], float)


def test_the_curves_over_the_steps(values):
    """Each step adds the same, at least its batch of 64 KiB; a number keeps nothing."""
    known = values(FOLDER + "curve.py")
    steps = [after - before for before, after in pairwise(known["tensors"])]
    assert min(steps) == pytest.approx(max(steps), rel=1e-6)
    assert min(steps) > 256 * 64 * 4 / 2**20
    assert known["numbers"] == [0] * 20


def test_a_slice_keeps_the_whole():
    """Detached, it has no graph, and still the storage of what it was taken from."""
    whole = torch.randn(100, 100, requires_grad=True)
    assert whole[0, :1].detach().untyped_storage().nbytes() == whole.nbytes
    assert whole[0, :1].detach().clone().untyped_storage().nbytes() == 4
