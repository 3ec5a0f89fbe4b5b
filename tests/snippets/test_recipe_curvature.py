"""Oracles for the recipe on curvature; its component has tests of its own."""

import math

import numpy as np
import pytest
import torch

RECIPE = "recipes/curvature.py"
FOLDER = "recipes/curvature"


def test_kl_to_oneself(values):
    """Its second derivative is the variance of x under the policy, and zero if both sides move."""
    p = [math.exp(x / 2) for x in (1, 0, -1)]
    mean = (p[0] - p[2]) / sum(p)
    variance = (p[0] + p[2]) / sum(p) - mean**2
    assert values(f"{FOLDER}/kl_detached.py")["Fv"] == pytest.approx(2 * variance, rel=1e-6)
    assert values(f"{FOLDER}/kl_undetached.py")["Fv"] == 0
    assert "does not require grad" in values(f"{FOLDER}/kl_cut.py")["error"]


def test_four_matrices(values):
    """Fisher is Gauss-Newton, the Hessian approaches it in a fit, and the empirical one is off."""
    found = values(RECIPE)
    assert found["size"] == 27
    assert found["fisher_error"] < 1e-12
    assert max(found["kl_errors"]) < 1e-12
    assert found["negatives"] == [12, 2, 2]
    assert found["gauss_newton_off"][0] > 0.9 > 0.05 > found["gauss_newton_off"][-1]
    assert min(found["empirical_off"]) > 0.2


def test_small_steps(values):
    """A step has the divergence that was asked for only by the Fisher matrix, if it is small."""
    found = values(RECIPE)
    assert found["by_fisher"][0] == pytest.approx(1, abs=0.02)
    assert found["by_empirical"][0] > 1.5
    assert found["long_step"] > 1.3


def test_diagonals(values):
    """A hundred samples are better than one, and the labels of the data are another matrix."""
    found = values(RECIPE)
    for name in ("hutchinson_H", "hutchinson_G", "sophia_G"):
        assert found[name][0] > 5 * found[name][-1] > 0
    assert found["observed_G"] > 10


@pytest.fixture
def float32_after():
    yield
    torch.set_default_dtype(torch.float32)


def test_nan_step(report, float32_after):
    """The exact divergence has J' (diag p - p p') J, the estimate a matrix with negative values."""
    lowest = {}
    for name in ("nan_step", "finite_step"):
        found = {}
        exec(report.verdicts[f"recipes/curvature/{name}.py"].snippet.text, found)
        H = torch.stack([found["product"](v) for v in torch.eye(found["g"].numel())])
        lowest[name] = torch.linalg.eigvalsh((H + H.T) / 2)[0].item()
    assert lowest["nan_step"] < -0.01
    assert lowest["finite_step"] == pytest.approx(0.01, abs=1e-9)
    net, states = found["policy"], found["states"]
    J = torch.autograd.functional.jacobian(
        lambda *params: torch.func.functional_call(
            net, dict(zip(dict(net.named_parameters()), params, strict=True)), states
        ),
        tuple(net.parameters()),
    )
    J = torch.cat([j.flatten(2) for j in J], 2).numpy()
    p = net(states).softmax(1).detach().numpy()
    F = sum(j.T @ (np.diag(q) - np.outer(q, q)) @ j for j, q in zip(J, p, strict=True)) / len(p)
    assert H.numpy() == pytest.approx(F + 0.01 * np.eye(len(F)), abs=1e-9)


def test_product_with_the_weight_of_a_convolution(values):
    """One sample of the estimate, by second differences of a convolution that is written out."""
    torch.manual_seed(0)
    layer = torch.nn.Conv2d(1, 2, 3)
    x, w = torch.randn(4, 1, 5, 5).double().numpy(), layer.weight.detach().double().numpy()
    b = layer.bias.detach().double().numpy()
    windows = np.lib.stride_tricks.sliding_window_view(x[:, 0], (3, 3), axis=(1, 2))
    found = values("recipes/curvature/dot_right.py")
    z = np.array(found["z"])

    def loss(w):
        out = np.einsum("nijkl,ckl->ncij", windows, w[:, 0]) + b[:, None, None]
        return np.square(np.tanh(out)).mean()

    def slope(w, along, step=1e-4):
        return (loss(w + step * along) - loss(w - step * along)) / (2 * step)

    true = np.zeros_like(w)
    for index in np.ndindex(*w.shape):
        unit = np.zeros_like(w)
        unit[index] = 1e-4
        true[index] = z[index] * (slope(w + unit, z) - slope(w - unit, z)) / 2e-4
    assert np.array(found["diagonal"]) == pytest.approx(true, rel=1e-3, abs=1e-5)
    assert "1D tensors" in values("recipes/curvature/dot.py")["error"]


def test_fisher_diagonal(values):
    """Of the last bias: the mean square of one-hot minus probability, for labels of the seed."""
    found = values("recipes/curvature/fisher_diagonal.py")
    probabilities = np.array(found["probabilities"])
    labels = np.array(found["labels"])
    true = np.square(np.eye(3)[labels] - probabilities).mean(0)
    assert found["batched"] == pytest.approx(true, rel=1e-4)
