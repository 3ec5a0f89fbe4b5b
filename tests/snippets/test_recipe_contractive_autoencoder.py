"""Oracles for the contractive autoencoder in depth: closed forms and NumPy, without autograd."""

import numpy as np
import pytest
from scipy.linalg import hadamard
from scipy.special import expit
from sklearn.datasets import load_digits

RECIPE = "recipes/contractive_autoencoder.py"
PAGE = "recipes/contractive_autoencoder/"
X = np.array([[0.5, -1.0], [1.0, 0.3]])
W = np.array([[1.0, -0.5], [0.4, 2.0]])


def differences(function, at, step=1e-5):
    """The gradient of a function of an array, by central differences."""
    gradient = np.zeros(at.shape)
    for index in np.ndindex(at.shape):
        move = np.zeros(at.shape)
        move[index] = step
        gradient[index] = (function(at + move) - function(at - move)) / (2 * step)
    return gradient


def one_layer():
    """The Jacobians of the recipe's layer of sigmoid units, one for each of 16 digits."""
    rng = np.random.default_rng(0)
    weights, bias = rng.normal(size=(8, 64)) / 4, rng.normal(size=8)
    h = expit(load_digits().data[:16] / 16 @ weights.T + bias)
    return (h * (1 - h))[:, :, None] * weights


def test_all_ways_are_the_definition(values):
    """Loop, batch, jacrev and a full set of projections give the squared Frobenius norm."""
    jacobian, found = one_layer(), values(RECIPE)
    assert found["penalties"] == pytest.approx([(jacobian**2).sum()] * 4, rel=1e-12)
    assert found["penalty"] == pytest.approx((jacobian**2).sum(), rel=1e-12)
    assert found["largest_error"] < 1e-13


def test_projections_on_a_hadamard_matrix_are_exact():
    """The mean of squared projections over the rows of a Hadamard matrix is the whole norm."""
    projections = hadamard(8) @ one_layer()
    assert (projections**2).sum() / 8 == pytest.approx((one_layer() ** 2).sum(), rel=1e-13)


def test_one_projection_is_not_enough(values):
    """Random signs are right in the mean; ones in their place are another penalty."""
    jacobian, found = one_layer(), values(RECIPE)
    exact, tolerance = (jacobian**2).sum(), 4 * found["standard_error"]
    assert found["estimate"] == pytest.approx(exact, abs=tolerance)
    of_ones = (jacobian.sum(axis=1) ** 2).sum()
    assert found["sum_ratio"] == pytest.approx(of_ones / exact, rel=1e-12)
    assert of_ones != pytest.approx(exact, abs=tolerance)


def deep_loss(bias, coefficient):
    """The deep autoencoder's loss in NumPy; the Jacobian is a product of two."""
    x = load_digits().data[:16] / 16
    rng = np.random.default_rng(0)
    first, second = rng.normal(size=(64, 48)) / 8, rng.normal(size=(48, 24)) / 48**0.5
    middle = np.tanh(x @ first)
    h = expit(middle @ second + bias)
    jacobian = np.einsum("nk,jk,nj,ij->nki", h * (1 - h), second, 1 - middle**2, first)
    y = expit(np.tanh(h @ second.T) @ first.T)
    return (((y - x) ** 2).sum() + coefficient * (jacobian**2).sum()) / 16


def test_deep_encoder(values):
    """Value and gradient of the deep loss; cut, the value still agrees and the gradient fails."""
    found, zero = values(RECIPE), np.zeros(24)
    assert found["value_right"] == pytest.approx(deep_loss(zero, 1), rel=1e-13)
    assert found["value_cut"] == pytest.approx(deep_loss(zero, 1), rel=1e-13)
    gradient = differences(lambda bias: deep_loss(bias, 1), zero)
    close = {"rtol": 0, "atol": 1e-8 * np.abs(gradient).max()}
    assert np.allclose(found["gradient_right"], gradient, **close)
    assert not np.allclose(found["gradient_cut"], gradient, **close)
    reconstruction = differences(lambda bias: deep_loss(bias, 0), zero)
    assert np.allclose(found["gradient_cut"], reconstruction, **close)


def small_deep_loss(bias, coefficient):
    """The loss of the deep encoder with two units in each layer."""
    second = np.array([[2.0, 1.0], [-1.0, 0.5]])
    middle = np.tanh(X @ W.T + bias)
    h = expit(middle @ second.T)
    jacobian = np.einsum("nk,kj,nj,ji->nki", h * (1 - h), second, 1 - middle**2, W)
    reconstruction = ((np.tanh(h @ second) @ W - X) ** 2).sum()
    return reconstruction + coefficient * (jacobian**2).sum()


def test_small_deep_encoder(values):
    """The same for the snippets on the page."""
    right, cut = values(PAGE + "deep.py"), values(PAGE + "deep_cut.py")
    at = np.array([0.1, -0.2])
    gradient = differences(lambda bias: small_deep_loss(bias, 1), at)
    assert np.allclose(right["dJ_db"], gradient, rtol=1e-8)
    assert not np.allclose(cut["dJ_db"], gradient, rtol=1e-2)
    only = differences(lambda bias: small_deep_loss(bias, 0), at)
    assert np.allclose(cut["dJ_db"], only, rtol=1e-8)
    penalty = small_deep_loss(at, 1) - small_deep_loss(at, 0)
    assert [right["penalty"], cut["penalty"]] == pytest.approx([penalty] * 2, rel=1e-12)


def sigmoid_penalty(weights, factor=None):
    """The closed form for sigmoid units; a factor in place of the weights plays state_dict()."""
    h = expit(X @ weights.T)
    factor = weights if factor is None else factor
    return ((h * (1 - h)) ** 2 @ (factor**2).sum(axis=1)).sum()


def tied_loss(weights, coefficient, extra=0):
    """A tied autoencoder's reconstruction error and penalty, and the sum of the codes."""
    h = expit(X @ weights.T)
    return ((h @ weights - X) ** 2).sum() + coefficient * sigmoid_penalty(weights) + extra * h.sum()


def test_state_dict_loses_a_part(values):
    """Detached weights leave only the gradient through the sigmoid."""
    right, wrong = values(PAGE + "parameters.py"), values(PAGE + "state_dict.py")
    gradient = differences(sigmoid_penalty, W)[0]
    assert right["penalty"] == pytest.approx(sigmoid_penalty(W), rel=1e-6)
    assert wrong["penalty"] == right["penalty"]
    assert np.allclose(right["dP_dW"], gradient, atol=1e-6)
    assert not np.allclose(wrong["dP_dW"], gradient, atol=1e-2)
    through = differences(lambda weights: sigmoid_penalty(weights, W), W)[0]
    assert np.allclose(wrong["dP_dW"], through, atol=1e-6)


def test_backward_of_ones(values):
    """It adds the gradient of the summed codes, whatever the coefficient."""
    right, wrong = values(PAGE + "grad_each.py"), values(PAGE + "backward_ones.py")
    gradient = differences(lambda weights: tied_loss(weights, 1000), W)[0]
    assert np.allclose(right["dJ_dW"], gradient, rtol=1e-5)
    assert not np.allclose(wrong["dJ_dW"], gradient, rtol=1e-1)
    added = differences(lambda weights: tied_loss(weights, 0, extra=1), W)[0]
    assert np.allclose(wrong["dJ_dW"], added, rtol=1e-5)


def test_sigmoid_formula_on_relu(values):
    """A ReLU unit's derivative is 1 or 0; h (1 - h) is something else."""
    right, wrong = values(PAGE + "relu_loop.py"), values(PAGE + "relu_formula.py")
    active = (X @ W.T > 0).sum(axis=0)
    assert right["penalty"] == pytest.approx(active @ (W**2).sum(axis=1), rel=1e-6)
    assert np.allclose(right["dP_dW"], (2 * active[:, None] * W).ravel(), rtol=1e-6)
    assert wrong["penalty"] != pytest.approx(right["penalty"], rel=1e-1)
    assert wrong["dP_dW"][0] < 0 < right["dP_dW"][0]


def test_training(values):
    """Cut equals plain bit for bit; only a differentiated penalty contracts; ones saturate."""
    found = values(RECIPE)
    assert found["inert"] is True
    assert found["norm2_cut"] == found["norm2_plain"]
    assert found["norm2_middle"] < found["norm2_small"] < found["norm2_plain"] / 4
    assert found["norm2_middle"] * 4 < found["norm2_sum"] < found["norm2_plain"]
    assert found["norm2_ones"] < 1e-6
    assert found["saturated_ones"] == 1
    assert found["clean_ones"] < found["clean_plain"] - 10
    assert found["noisy_gain"] > found["noisy_gain_spread"]


def test_singular_values_fit_their_norms(values):
    """The largest one's square is a third of the squared norm, with and without the penalty."""
    found = values(RECIPE)
    kinds = ("plain", "small")
    parts = [found[f"first_{kind}"] ** 2 / found[f"norm2_{kind}"] for kind in kinds]
    assert parts == pytest.approx([1 / 3, 1 / 3], abs=0.05)
    for kind in kinds:
        assert 0 < found[f"last_{kind}"] < found[f"first_{kind}"] / 3
