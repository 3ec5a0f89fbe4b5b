"""What the graph of a gradient keeps for each activation, as whole tensors per layer."""

import pytest


def test_activations_that_are_kept(values):
    """The shares of ReLU, tanh and SiLU differ by the intermediate results of their formulas."""
    found = values("reference/cost/activations.py")["found"]
    relu, tanh, _, _, _, silu, product, mish = (round(8 * number) for number in found)
    # In each of eight layers: one tensor more, and two more.
    assert tanh - relu == 8
    assert silu - product == 16
    assert mish > silu > product > tanh
    assert found[5] == pytest.approx(8.25, abs=0.2)
