"""Oracles for the recipe that does without second derivatives; its component has its own tests."""

import math

import pytest

RECIPE = "recipes/without_second_derivative.py"
FOLDER = "recipes/without_second_derivative"


def test_step(values):
    """A step that can be seen in float32 gives the derivative, and one that cannot gives zero."""

    def penalty(w):
        return (w * (1 - math.tanh(w) ** 2)) ** 2

    truth = (penalty(0.7 + 1e-5) - penalty(0.7 - 1e-5)) / 2e-5
    assert values(f"{FOLDER}/step.py")["dP_dw"] == pytest.approx(truth, abs=5e-4)
    assert values(f"{FOLDER}/too_small.py")["dP_dw"] == 0


def test_bias_and_spread(values):
    """Differences and closed form are exact in float32; random directions are, on average."""
    found = values(RECIPE)
    assert found["exact_error"] < 1e-6 > found["closed_error"]
    assert found["difference_error"] < 1e-4 > found["function_error"]
    assert found["direction_one"] > 5 * found["direction_mean"]
    assert found["direction_mean"] < 0.05 > found["one_sided_mean"]
    assert found["noise_mean"] > 2 * found["fitted_mean"] > 0.2
    assert found["explained"] < 0.1


def test_kinks(values):
    """With ReLU, a difference counts jumps that double backpropagation does not see."""
    found = values(RECIPE)
    assert found["tanh_best"] < 1e-4 < 0.1 < found["tanh_first"]
    assert found["relu_default"] > 0.1
