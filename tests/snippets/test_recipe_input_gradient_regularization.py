"""Oracles for input-gradient regularization: closed forms and NumPy, without autograd."""

import numpy as np
import pytest
from scipy.special import expit, log_softmax, softmax
from sklearn.datasets import load_digits

RECIPE = "recipes/input_gradient_regularization.py"
PAGE = "recipes/input_gradient_regularization/"


def start(seed):
    """The recipe's weights and biases at the start."""
    rng = np.random.default_rng(seed)
    arrays = [rng.normal(size=(64, 32)) / 8, np.zeros(32)]
    return [*arrays, rng.normal(size=(32, 10)) / 32**0.5, np.zeros(10)]


def loss(p, x, t, coefficient):
    """Cross entropy and penalty, with an input gradient that is derived by hand."""
    w1, b1, w2, b2 = p
    a = np.tanh(x @ w1 + b1)
    o = a @ w2 + b2
    gradient = ((softmax(o, axis=1) - t) @ w2.T * (1 - a**2)) @ w1.T
    return (-(t * log_softmax(o, axis=1)).sum() + coefficient * (gradient**2).sum()) / len(x)


def by_hand(p, x, t, coefficient):
    """The gradient of the loss for all weights, back through the input gradient by hand."""
    w1, b1, w2, b2 = p
    a = np.tanh(x @ w1 + b1)
    s = softmax(a @ w2 + b2, axis=1)
    d, slope = s - t, 1 - a**2
    q = d @ w2.T
    u = q * slope
    on_gradient = 2 * coefficient * (u @ w1.T) / len(x)
    on_u = on_gradient @ w1
    on_q = on_u * slope
    on_d = on_q @ w2
    on_o = s * (on_d - (on_d * s).sum(axis=1, keepdims=True)) + d / len(x)
    on_z = (on_o @ w2.T - 2 * on_u * q * a) * slope
    on_w1 = on_gradient.T @ u + x.T @ on_z
    return [on_w1, on_z.sum(axis=0), on_q.T @ d + a.T @ on_o, on_o.sum(axis=0)]


def data(chosen):
    """Images and one-hot labels of the chosen digits."""
    digits = load_digits()
    return digits.data[chosen] / 16, np.eye(10)[digits.target[chosen]]


def differences(coefficient, step=1e-5):
    """Central differences of the loss in each hidden bias."""
    x, t = data(slice(16))
    w1, b1, *rest = start(0)
    moved = [[loss([w1, b1 + m, *rest], x, t, coefficient) for m in (e, -e)] for e in step * I32]
    return np.array([(above - below) / (2 * step) for above, below in moved])


I32 = np.eye(32)


def test_network(values):
    """Value and gradient of the network's loss; cut, the value agrees and the gradient fails."""
    found, gradient = values(RECIPE), differences(1)
    x, t = data(slice(16))
    value = loss(start(0), x, t, 1)
    assert [found["value_right"], found["value_cut"]] == pytest.approx([value] * 2, rel=1e-13)
    close = {"rtol": 0, "atol": 1e-9 * np.abs(gradient).max()}
    assert np.allclose(found["gradient_right"], gradient, **close)
    assert not np.allclose(found["gradient_cut"], gradient, **close)
    assert np.allclose(found["gradient_cut"], differences(0), **close)


def test_network_by_hand(values):
    """The gradient derived by hand agrees to rounding, and the cut one does not."""
    found = values(RECIPE)
    exact = by_hand(start(0), *data(slice(16)), 1)[1]
    assert np.allclose(found["gradient_right"], exact, rtol=0, atol=1e-14)
    assert not np.allclose(found["gradient_cut"], exact, rtol=0, atol=1e-3)


def train(coefficient):
    """The recipe's first network: Adam, and every gradient by hand."""
    x, t = data(np.random.default_rng(100).permutation(1797)[:320])
    p, means, squares = start(0), [0.0] * 4, [0.0] * 4
    for step in range(1, 151):
        for k, g in enumerate(by_hand(p, x, t, coefficient)):
            means[k] = 0.9 * means[k] + 0.1 * g
            squares[k] = 0.999 * squares[k] + 0.001 * g**2
            size = np.sqrt(squares[k] / (1 - 0.999**step)) + 1e-8
            p[k] = p[k] - 0.01 * means[k] / (1 - 0.9**step) / size
    return p


def test_training_by_hand(values):
    """NumPy arrives at the same network; the cut one is the network without a penalty."""
    found = values(RECIPE)
    penalized, plain = train(1)[1], train(0)[1]
    assert np.allclose(found["bias_right"], penalized, rtol=0, atol=1e-10)
    assert np.allclose(found["bias_cut"], plain, rtol=0, atol=1e-10)
    assert not np.allclose(found["bias_cut"], penalized, rtol=0, atol=1e-2)
    assert found["inert"] is True


def test_logistic_regression(values):
    """The closed form on the page, and the cross entropy's gradient for the cut one."""
    x = np.array([[0.5, -1.0], [1.0, 0.3], [-0.6, 0.8]])
    y, w = np.array([1.0, 0.0, 1.0]), np.array([1.0, -2.0])
    sigma = expit(x @ w)
    off, norm2 = (sigma - y)[:, None], w @ w
    penalty = (2 * off * (off * w + (sigma * (1 - sigma))[:, None] * norm2 * x)).sum(axis=0)
    entropy = (off * x).sum(axis=0)
    right, cut = values(PAGE + "kept.py"), values(PAGE + "cut.py")
    assert [right["penalty"], cut["penalty"]] == pytest.approx([(off**2).sum() * norm2] * 2)
    assert np.allclose(right["dJ_dw"], entropy + 3 * penalty, rtol=1e-13)
    assert not np.allclose(cut["dJ_dw"], entropy + 3 * penalty, rtol=1e-2)
    assert np.allclose(cut["dJ_dw"], entropy, rtol=1e-13)


def test_no_flag_raises(values):
    """Without a flag, the cross entropy's graph is gone."""
    assert "backward through the graph a second time" in values(PAGE + "freed.py")["error"]


def test_mean_loss_depends_on_the_batch(values):
    """The mean inside divides the penalty by the square of the batch size."""
    x, w = np.array([[0.5, -1.0], [1.0, 0.3]]), np.array([1.0, -2.0])
    s = expit(-x @ w)[:, None]
    gradient = (2 * s * (s * w - (s * (1 - s)) * (w @ w) * x)).mean(axis=0)[0]
    right, wrong = values(PAGE + "of_sum.py")["slopes"], values(PAGE + "of_mean.py")["slopes"]
    assert right == pytest.approx([gradient] * 3, abs=5e-5)
    assert wrong == pytest.approx([gradient / n**2 for n in (2, 4, 8)], abs=6e-5)
    assert wrong != pytest.approx([gradient] * 3, abs=1e-2)


def test_accuracy(values):
    """The paired gains are beyond their spread; too much of the penalty costs clean digits."""
    found = values(RECIPE)
    for name in "clean", "noise", "fgsm":
        assert found[f"{name}_gain"] > found[f"{name}_spread"] > 0
    assert found["clean_large"] < found["clean_plain"] - 5


def test_the_abstract_of_1992(values):
    """Where it classifies best, weights are not smaller on average, and units less often linear."""
    found = values(RECIPE)
    assert found["weights_small"] < found["weights_plain"] < found["weights_middle"]
    assert found["linear_large"] < found["linear_middle"] < found["linear_plain"]
    assert found["more_linear"] == 0
