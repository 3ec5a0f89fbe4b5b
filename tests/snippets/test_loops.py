"""Oracles for docs/pitfalls/loops.md: closed forms in NumPy and SymPy, never autograd."""

import numpy as np
import pytest
import sympy

FOLDER = "pitfalls/loops/"
W = np.array([[1.0, 2.0], [0.5, -1.0], [2.0, 0.0]])
X = np.array([[0.5, -1.0], [1.0, 2.0]])


def jacobian(W):
    """The Jacobian of tanh(W x), for each sample: (1 - h^2) times the row of W."""
    slope = 1 - np.tanh(X @ W.T) ** 2
    return slope[:, :, None] * W[None]


def penalty_gradient(step=1e-6):
    """Central finite differences of the penalty."""
    result = np.zeros_like(W)
    for index in np.ndindex(W.shape):
        move = np.zeros_like(W)
        move[index] = step
        high, low = ((jacobian(W + sign * move) ** 2).sum() for sign in (1, -1))
        result[index] = (high - low) / (2 * step)
    return result


@pytest.mark.parametrize("name", ["nested", "per_unit", "batched", "func"])
def test_equal_results(values, name):
    """All four ways give the closed form of the Jacobian, the penalty and its gradient."""
    found = values(FOLDER + name + ".py")
    assert np.array(found["J"]) == pytest.approx(jacobian(W), abs=1e-6)
    assert found["P"] == pytest.approx((jacobian(W) ** 2).sum(), rel=1e-5)
    assert np.array(found["dP_dW"]) == pytest.approx(penalty_gradient(), rel=1e-4)


def test_random_projection(values):
    """Over all signs, the squared product has the squared length of the Jacobian as its mean."""
    found = values(FOLDER + "projected.py")
    assert found["P"] == pytest.approx((jacobian(W) ** 2).sum(), rel=1e-5)
    assert np.array(found["dP_dW"]) == pytest.approx(penalty_gradient(), rel=1e-4)
    each = [((signs @ jacobian(W)) ** 2).sum() for signs in np.array(found["rows"])]
    assert np.mean(each) == pytest.approx(found["P"], rel=1e-5)
    assert np.std(each) > 0.1


def test_number_of_passes(values):
    """One pass per entry, per unit, or one altogether."""
    used = [values(FOLDER + name + ".py")["used"] for name in ("nested", "per_unit", "batched")]
    assert used == [len(X) * len(W), len(W), 1]


def test_hessian(values):
    """SymPy's Hessian of the product times the sum, and its product with v."""
    w = sympy.symbols("w1:4")
    H = sympy.hessian(sympy.prod(w) * sum(w), w).subs(dict(zip(w, (1, 2, 3), strict=True)))
    found = values(FOLDER + "hessian.py")
    true = [[float(entry) for entry in row] for row in H.tolist()]
    assert found["looped"] == found["batched"] == true == values(FOLDER + "chunks.py")["in_chunks"]
    product = H * sympy.Matrix([1, 0, -1])
    assert values(FOLDER + "product.py")["Hv"] == [float(entry) for entry in product]


def test_item(values):
    """A hook that asks for a number raises."""
    assert "aten::item" in values(FOLDER + "item.py")["error"]
