"""Oracles for the contractive autoencoder page: SymPy, NumPy and SciPy, without autograd."""

import numpy as np
import pytest
import sympy
from scipy.special import expit
from sklearn.datasets import load_digits

PAGE = "learn/contractive_autoencoder/"
X = np.array([[0.5, -1.0, 2.0], [1.0, 0.3, -0.7]])
W = np.array([[0.2, -0.4, 0.6], [1.0, 0.5, -0.3]])
B = np.array([0.1, -0.2])


def symbolic_penalty():
    """The squared Frobenius norm of the Jacobian by definition, and its weight symbols."""
    weights = sympy.Matrix(2, 3, sympy.symbols("w:6"))
    inputs = sympy.Matrix(sympy.symbols("x:3"))
    hidden = (weights * inputs + sympy.Matrix(B)).applyfunc(lambda z: 1 / (1 + sympy.exp(-z)))
    norm2 = sum(entry**2 for entry in hidden.jacobian(inputs))
    total = sum(norm2.subs(dict(zip(inputs, example, strict=True))) for example in X)
    return total, weights


def encode(weights, bias):
    """The hidden representation, and its Jacobian with respect to the input."""
    hidden = expit(X @ weights.T + bias)
    return hidden, (hidden * (1 - hidden))[:, :, None] * weights


def loss(bias, coefficient):
    """The reconstruction error with tied weights, plus the penalty."""
    hidden, jacobian = encode(W, bias)
    return ((hidden @ W - X) ** 2).sum() + coefficient * (jacobian**2).sum()


def bias_gradient(coefficient, step=1e-5):
    """Central differences of the loss with respect to the hidden bias."""
    return [
        (loss(B + step * e, coefficient) - loss(B - step * e, coefficient)) / (2 * step)
        for e in np.eye(2)
    ]


@pytest.mark.parametrize("way", ["closed_form.py", "double_backprop.py"])
def test_penalty_and_its_weight_gradient(values, way):
    """Both ways give what SymPy derives from the definition."""
    total, weights = symbolic_penalty()
    at = dict(zip(weights, W.ravel(), strict=True))
    gradient = [[float(total.diff(weights[i, j]).subs(at)) for j in range(3)] for i in range(2)]
    found = values(PAGE + way)
    assert found["penalty"] == pytest.approx(float(total.subs(at)), rel=1e-12)
    assert np.allclose(found["dP_dW"], gradient, rtol=1e-11, atol=0)
    slope = np.subtract(bias_gradient(1), bias_gradient(0))
    assert np.allclose(found["dP_db"], slope, rtol=1e-5, atol=1e-9)


def test_tanh_units(values):
    """The derivative of the penalty with respect to the bias, by differences in NumPy."""

    def penalty(bias):
        return (((1 - np.tanh(X @ W.T + bias) ** 2)[:, :, None] * W) ** 2).sum()

    truth = [(penalty(B + e) - penalty(B - e)) / 2e-6 for e in 1e-6 * np.eye(2)]
    found = values(PAGE + "answer_tanh.py")
    assert np.allclose(found["dP_db"], truth, rtol=1e-7)
    assert np.allclose(found["by_hand"], truth, rtol=1e-7)


def test_random_signs(values):
    """The mean over all signs is the squared Frobenius norm, and no single one is."""
    jacobian = encode(W, B)[1]
    found = values(PAGE + "answer_signs.py")
    assert found["penalty"] == pytest.approx((jacobian**2).sum(), rel=1e-12)
    single = [((jacobian[:, 0] + sign * jacobian[:, 1]) ** 2).sum() for sign in (1, -1)]
    assert np.mean(single) == pytest.approx(found["penalty"], rel=1e-12)
    assert single[0] != pytest.approx(single[1], rel=0.1)
    slope = np.subtract(bias_gradient(1), bias_gradient(0))
    assert np.allclose(found["dP_db"], slope, rtol=1e-5, atol=1e-9)


def test_sum_of_units_is_another_penalty(values):
    """One gradient of h.sum() is the norm of the Jacobian's column sums, not of the Jacobian."""
    jacobian = encode(W, B)[1]
    found = values(PAGE + "sum_of_units.py")["penalty"]
    assert found == pytest.approx((jacobian.sum(axis=1) ** 2).sum(), rel=1e-12)
    assert found != pytest.approx((jacobian**2).sum(), rel=0.1)


def test_second_unit_raises(values):
    """Without a flag, the loop stops at the second unit, index 1."""
    found = values(PAGE + "second_unit.py")
    assert found["i"] == 1
    assert "Specify retain_graph=True" in found["error"]


def test_gradient_of_the_whole_loss(values):
    """With create_graph the gradient is that of reconstruction plus penalty."""
    found = values(PAGE + "differentiated.py")
    assert np.allclose(found["dJ_db"], bias_gradient(10), rtol=1e-7)


def test_inert_penalty_leaves_the_reconstruction(values):
    """With retain_graph the value is right and the gradient is the reconstruction's alone."""
    found, right = values(PAGE + "inert.py"), values(PAGE + "differentiated.py")
    assert found["penalty"] == right["penalty"]
    assert np.allclose(found["dJ_db"], bias_gradient(0), rtol=1e-7)
    assert not np.allclose(found["dJ_db"], bias_gradient(10), rtol=1e-2)


def test_training_contracts_only_with_create_graph(values):
    """On the digits, the cut run is the plain one, and only the differentiated penalty falls."""
    found = values(PAGE + "train.py")
    assert found["cut_is_plain"] is True
    assert found["P_cut"] == found["P_plain"]
    assert found["reconstruction_cut"] == found["reconstruction_plain"]
    assert found["P_contractive"] < found["P_plain"] / 3
    assert found["reconstruction_contractive"] > found["reconstruction_plain"]


def test_training_by_closed_form(values):
    """The same training in NumPy, with hand-derived gradients, ends at the same numbers."""
    torch = pytest.importorskip("torch")
    torch.manual_seed(0)
    start = 0.5 * torch.randn(16, 64, dtype=torch.float64).numpy()
    found = values(PAGE + "train.py")
    for run, coefficient in (("plain", 0.0), ("contractive", 0.3)):
        penalty, reconstruction = train_by_hand(start.copy(), coefficient)
        assert found[f"P_{run}"] == pytest.approx(penalty, rel=1e-8)
        assert found[f"reconstruction_{run}"] == pytest.approx(reconstruction, rel=1e-8)


def train_by_hand(weights, coefficient, steps=40, rate=0.02):
    """Adam on a tied-weight autoencoder; every gradient is written out."""
    x = load_digits().data / 16
    parameters = [weights, np.zeros(16), np.zeros(64)]
    means, squares = [0, 0, 0], [0, 0, 0]
    for step in range(1, steps + 1):
        w, b, c = parameters
        h = expit(x @ w.T + b)
        y = expit(h @ w + c)
        s = h * (1 - h)
        norm2 = (w**2).sum(axis=1)
        penalty, reconstruction = (s**2 @ norm2).sum() / len(x), ((y - x) ** 2).sum() / len(x)

        dy = 2 * (y - x) * y * (1 - y) / len(x)
        dz = (dy @ w.T) * s + coefficient * 2 * s**2 * (1 - 2 * h) * norm2 / len(x)
        direct = coefficient * 2 * (s**2).sum(axis=0)[:, None] * w / len(x)
        gradients = [h.T @ dy + dz.T @ x + direct, dz.sum(axis=0), dy.sum(axis=0)]
        for k, g in enumerate(gradients):
            means[k] = 0.9 * means[k] + 0.1 * g
            squares[k] = 0.999 * squares[k] + 0.001 * g**2
            size = np.sqrt(squares[k] / (1 - 0.999**step)) + 1e-8
            parameters[k] = parameters[k] - rate * means[k] / (1 - 0.9**step) / size
    return penalty, reconstruction
