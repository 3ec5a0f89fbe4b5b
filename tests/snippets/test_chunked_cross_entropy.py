"""Oracles for docs/pitfalls/chunked-cross-entropy.md: gradients by hand in NumPy."""

import numpy
import pytest

FOLDER = "pitfalls/chunked_cross_entropy/"
H = numpy.array([[1.0, 2.0], [0.5, -1.0]])
W = numpy.array([[1.0, 0.0], [0.0, 1.0], [1.0, -1.0]])
V = numpy.array([[0.5, 0.2], [-0.3, 1.0]])
ONE_HOT = numpy.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])


def loss(h, w):
    """The mean cross-entropy, and its gradient with respect to the logits."""
    logits = h @ w.T
    p = numpy.exp(logits) / numpy.exp(logits).sum(1, keepdims=True)
    return -(ONE_HOT * numpy.log(p)).sum() / len(h), (p - ONE_HOT) / len(h)


def difference(f, point, step=1e-5):
    """The gradient of f with respect to the first row of a matrix, by central differences."""
    result = []
    for k in range(2):
        move = numpy.zeros_like(point)
        move[0, k] = step
        result.append((f(point + move) - f(point - move)) / (2 * step))
    return result


def test_total(values):
    """The gradient of the loss with the penalty, and that of the loss alone, which is wrong."""

    def total(w):
        value, d_logits = loss(H, w)
        return value + ((d_logits @ w) ** 2).sum()

    true = difference(total, W)
    for name in ("reference.py", "chunks.py"):
        assert values(FOLDER + name)["dT_dW"] == pytest.approx(true, abs=1e-4)
    alone = difference(lambda w: loss(H, w)[0], W)
    for name in ("allowed.py", "fused.py"):
        wrong = values(FOLDER + name)["dT_dW"]
        assert wrong == pytest.approx(alone, abs=1e-4)
        assert wrong != pytest.approx(true, rel=0.1)


def test_inner_step(values):
    """The meta-gradient, and its first-order version."""

    def step(w):
        return w - loss(H, w)[1].T @ H

    def meta(w):
        return loss(H[::-1], w)[0]

    true = difference(lambda w: meta(step(w)), W)
    assert values(FOLDER + "inner_step_right.py")["dM_dW"] == pytest.approx(true, abs=1e-4)
    wrong = values(FOLDER + "inner_step.py")["dM_dW"]
    assert wrong == pytest.approx(difference(meta, step(W)), abs=1e-4)
    assert wrong != pytest.approx(true, rel=0.1)


def test_network(values):
    """The penalty on the input gradient of a network, by its first layer."""

    def penalty(v):
        h = numpy.tanh(H @ v.T)
        d_h = loss(h, W)[1] @ W
        return (((1 - h**2) * d_h @ v) ** 2).sum()

    true = difference(penalty, V)
    assert values(FOLDER + "network_right.py")["dP_dV"] == pytest.approx(true, abs=1e-4)
    wrong = values(FOLDER + "network.py")
    assert wrong["dP_dV"] != pytest.approx(true, rel=0.02)


def test_error(values):
    """The default options raise when the same loss is differentiated twice, plain ones learn."""
    assert "called twice" in values(FOLDER + "step.py")["error"]
    losses = values(FOLDER + "step_right.py")["losses"]
    assert losses[-1] < losses[0]
