"""Checks for the page about export: by hand, and a record that returns to what it records."""

import numpy as np


def test_a_branch_on_a_shape(values):
    """The slope of c x^2 at 1 is 2 c: c is 5 for five rows, and 2 for the recorded three."""
    assert values("guides/export/branch_right.py")["slope"] == 2 * 5
    assert values("guides/export/branch.py")["slope"] == 2 * 2


def test_the_exported_forces(values):
    """They are those of tanh's derivative, written out, at the second input."""
    found = values("guides/export/record.py")
    W, b, w = (np.array(found[name], dtype=np.float64) for name in ("W", "b", "w"))
    hidden = np.tanh(np.array(found["x2"]) @ W.T + b)
    true = -((1 - hidden**2) * w) @ W
    assert np.allclose(found["at_second"], true, atol=1e-6)
