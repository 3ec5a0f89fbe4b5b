"""Oracles for docs/pitfalls/loops.md: closed forms in NumPy and SymPy, never autograd."""

import numpy as np
import pytest
import sympy
import torch

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


def group_normed(x):
    """Group norm of four channels in two groups, with the usual epsilon."""
    groups = x.reshape(2, -1)
    variance = groups.var(axis=1, keepdims=True)
    return (groups - groups.mean(axis=1, keepdims=True)) / np.sqrt(variance + 1e-5)


def test_group_norm(values):
    """Differences of the layer's formula give the right Jacobian, and not the batched one."""
    x, step, squares = np.array(values(FOLDER + "group_norm.py")["x"][0]), 1e-5, 0
    for index in np.ndindex(x.shape):
        move = np.zeros_like(x)
        move[index] = step
        high, low = ((group_normed(x + sign * move) ** 3).flatten()[:2] for sign in (1, -1))
        squares += (((high - low) / (2 * step)) ** 2).sum()
    assert values(FOLDER + "group_norm_right.py")["P"] == pytest.approx(squares, rel=1e-6)
    assert values(FOLDER + "group_norm.py")["P"] > 2 * squares


@pytest.mark.parametrize("samples, groups, channels, positions", [(1, 2, 4, 2), (3, 2, 4, 3)])
@pytest.mark.parametrize("create_graph", [False, True])
def test_batched_group_norm(samples, groups, channels, positions, create_graph):
    """A batched pass is right without a graph; with one it is wrong, or raises."""
    norm = torch.nn.GroupNorm(groups, channels).double()
    x = torch.randn(samples, channels, positions, dtype=torch.float64, requires_grad=True)
    h = norm(x).pow(3).flatten(1)[:, :2]
    units = torch.eye(2, dtype=h.dtype).unsqueeze(1).expand(-1, samples, -1)
    rows = [torch.autograd.grad(h[:, k].sum(), x, retain_graph=True)[0] for k in range(2)]
    try:
        options = {"is_grads_batched": True, "create_graph": create_graph}
        (J,) = torch.autograd.grad(h, x, units, **options)
    except RuntimeError as error:
        assert create_graph and "must match the size" in str(error)
    else:
        assert torch.allclose(J, torch.stack(rows)) is not create_graph
    by_func = torch.func.vmap(torch.func.jacrev(one_sample(norm)))(x)
    assert torch.allclose(by_func.movedim(1, 0), torch.stack(rows))


def one_sample(norm):
    """Two outputs of one sample."""
    return lambda sample: norm(sample[None]).pow(3).flatten()[:2]


def test_compiled_in_a_batched_pass():
    """A compiled network refuses a batched pass; compiling the Jacobian gives the same one."""
    torch.compiler.reset()  # of what other tests compiled, or kept from being compiled
    net = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.Tanh())
    x = torch.randn(2, 3, requires_grad=True)
    h = torch.compile(net, backend="aot_eager")(x)
    units = torch.eye(4).unsqueeze(1).expand(-1, 2, -1)
    with pytest.raises(RuntimeError, match="vmap"):
        torch.autograd.grad(h, x, units, is_grads_batched=True)
    rows = torch.func.vmap(torch.func.jacrev(net))
    found = torch.compile(rows, backend="aot_eager")(x)
    assert torch.allclose(found, rows(x), atol=1e-6)
    assert torch.autograd.grad(found.pow(2).sum(), net[0].weight)[0].any()


def test_jacobians_of_a_field_and_an_energy(values):
    """Closed forms in NumPy, and as many products as inputs or outputs, and one forward pass."""
    torch.manual_seed(0)
    W, V, X = (torch.randn(*size).double().numpy() for size in ((64, 2), (64, 64), (100, 2)))
    h = np.tanh(X @ W.T)
    J = np.einsum("oh,nh,hi->noi", V, 1 - h**2, W)
    slope = 2 * np.einsum("no,noi->ni", h @ V.T, J)
    assert np.array(values(FOLDER + "formula.py")["slope"]) == pytest.approx(slope[0], rel=1e-3)
    assert np.array(values(FOLDER + "formula.py")["J"]) == pytest.approx(J[0, 0], rel=1e-3)


def test_hessian_by_copies(values):
    """The Hessian of a small network, by second differences of its formula."""
    torch.manual_seed(0)
    first, last = torch.nn.Linear(3, 8), torch.nn.Linear(8, 1)
    W, b, v = (p.detach().double().numpy() for p in (first.weight, first.bias, last.weight))
    x, h = np.array([0.3, -0.5, 1.0]), 1e-4

    def energy(x):
        return (v @ np.tanh(W @ x + b)).item()

    true = np.zeros((3, 3))
    for i, j in np.ndindex(3, 3):
        e, f = h * np.eye(3)[i], h * np.eye(3)[j]
        four = energy(x + e + f) - energy(x + e - f) - energy(x - e + f) + energy(x - e - f)
        true[i, j] = four / (4 * h**2)
    assert np.array(values("pitfalls/loops/copies.py")["H"]) == pytest.approx(true, abs=1e-6)
