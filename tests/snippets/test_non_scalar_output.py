"""Oracles for docs/pitfalls/non-scalar-output.md: SymPy and differences."""

import numpy
import pytest
import sympy
import torch

FOLDER = "pitfalls/non_scalar_output/"
X = sympy.symbols("x1 x2")
POINT = dict(zip(X, (1, 2), strict=True))


def numbers(matrix):
    """A SymPy matrix at the point, as nested lists."""
    return [[float(entry.subs(POINT)) for entry in row] for row in matrix.tolist()]


def test_one_output_per_sample(values):
    """The derivatives of x^3 are 3 x^2 and 6 x; the mean halves the one and quarters the other."""
    right = values(FOLDER + "sum_and_ones.py")
    first, second = [3.0, 12.0], [6.0, 12.0]
    for name in ("u_x", "same_x"):
        assert right[name] == pytest.approx(first)
    for name in ("u_xx", "same_xx"):
        assert right[name] == pytest.approx(second)
    mean = values(FOLDER + "mean.py")
    assert mean["u_x"] == pytest.approx([value / 2 for value in first])
    assert mean["u_xx"] == pytest.approx([value / 4 for value in second])


def test_jacobian_penalty(values):
    """SymPy's Jacobian, its squared Frobenius norm, and the gradient of that."""
    J = sympy.Matrix([X[0] ** 2, X[0] * X[1]]).jacobian(X)
    P = sum(entry**2 for entry in J)
    true = [float(P.diff(x).subs(POINT)) for x in X]
    right = values(FOLDER + "ones_right.py")
    assert right["J"] == numbers(J)
    assert right["P"] == pytest.approx(float(P.subs(POINT)))
    assert right["dP_dx"] == pytest.approx(true)
    columns = [sum(J[:, k]) for k in range(2)]
    Q = sum(entry**2 for entry in columns)
    wrong = values(FOLDER + "ones_jacobian.py")
    assert wrong["P"] == pytest.approx(float(Q.subs(POINT)))
    assert wrong["dP_dx"] == pytest.approx([float(Q.diff(x).subs(POINT)) for x in X])
    assert wrong["P"] != pytest.approx(right["P"], rel=0.1)
    assert wrong["dP_dx"] != pytest.approx(true, rel=0.1)


def test_laplacian(values):
    """The Laplacian is the trace of the Hessian, not the sum of all its entries."""
    H = numbers(sympy.hessian(X[0] ** 2 * X[1] ** 2, X))
    right = values(FOLDER + "laplacian.py")
    assert right["second"] == [H[0][0], H[1][1]]
    assert right["laplacian"] == H[0][0] + H[1][1]
    wrong = values(FOLDER + "laplacian_wrong.py")
    assert wrong["second"] == [sum(row) for row in H]
    assert wrong["laplacian"] == sum(map(sum, H)) != right["laplacian"]


def test_coupled_samples(values):
    """Outputs minus their mean sum to zero, so the gradient of the sum is zero."""
    result = values(FOLDER + "samples.py")
    assert result["summed"] == [[0.0, 0.0], [0.0, 0.0]]
    first = [2 * x / 2 for x in (1.0, 2.0)]
    assert result["single"][0] == pytest.approx(first)


def test_three_spellings_of_a_jacobian_penalty(report):
    """The total in closed form, and its gradient by central differences, for all three."""
    torch.manual_seed(0)
    first, last = torch.nn.Linear(2, 8), torch.nn.Linear(8, 3)
    x, y = (torch.randn(4, n).double().numpy() for n in (2, 3))
    W, b, V, c = (
        one.detach().double().numpy() for one in (*first.parameters(), *last.parameters())
    )

    def total(W):
        hidden = numpy.tanh(x @ W.T + b)
        jacobian = numpy.einsum("oh,nh,hi->noi", V, 1 - hidden**2, W)
        return ((hidden @ V.T + c - y) ** 2).mean() + (jacobian**2).sum() / len(x)

    moves = 1e-6 * numpy.eye(W.size).reshape(-1, *W.shape)
    gradient = [(total(W + move) - total(W - move)) / 2e-6 for move in moves]
    text = report.verdicts[FOLDER + "jacobian.py"].snippet.text
    said = f"{total(W):.4f}, gradient {numpy.linalg.norm(gradient):.4f}"
    assert [text.count(f"#> by_{name}: {said}") for name in ("rows", "batch", "vmap")] == [1] * 3


def test_second_derivatives_by_torch_func(values):
    """The sum of cubes has the Hessian diag(6 x), and (6, 12) times ones is (6, 12)."""
    assert values(FOLDER + "func_right.py")["Hv"] == [6.0, 12.0]
    assert "scalar Tensor" in values(FOLDER + "func.py")["error"]


@pytest.mark.parametrize(
    ("name", "use"),
    [
        ("pow", lambda slope: slope.pow(2)),
        ("norm", lambda slope: slope.norm()),
        ("view", lambda slope: slope.view(-1)),
        ("layout", torch.norm),
    ],
)
def test_the_tuple_shows_under_many_names(name, use):
    """Whatever is done with the tuple next, the message names that."""
    x = torch.ones(2, requires_grad=True)
    with pytest.raises(AttributeError, match=f"'tuple' object has no attribute '{name}'"):
        use(torch.autograd.grad(x.sum(), x))


def test_messages_of_the_same_need():
    """A power of the tuple, a complex loss and functional.hessian say it in their own words."""
    x = torch.ones(2, requires_grad=True)
    with pytest.raises(TypeError, match="'tuple' and 'int'"):
        torch.autograd.grad(x.sum(), x) ** 2
    with pytest.raises(TypeError, match="bad operand type for unary -: 'tuple'"):
        -torch.autograd.grad(x.sum(), x)
    for function in (torch.sqrt, torch.mean, torch.linalg.vector_norm):
        with pytest.raises(TypeError, match="must be Tensor, not tuple"):
            function(torch.autograd.grad(x.sum(), x))
    with pytest.raises(RuntimeError, match="only for real scalar outputs"):
        (x * 1j).sum().backward()
    with pytest.raises(RuntimeError, match="should contain a single element"):
        torch.autograd.functional.hessian(lambda x: x**3, x)


@pytest.mark.parametrize("layer", [torch.nn.Dropout(), torch.nn.BatchNorm1d(8)])
def test_the_jacobian_that_torch_func_refuses(report, layer):
    """Dropout and batch norm in training mode stop vmap(jacrev), and not the other two."""
    found, text = {}, report.verdicts[FOLDER + "jacobian.py"].snippet.text
    exec(text.partition("# --8<-- [start:same]")[0], found)
    found["net"].insert(1, layer)
    for name in ("by_rows", "by_batch"):
        found[name](found["net"], found["x"], found["y"]).backward()
    with pytest.raises(RuntimeError):
        found["by_vmap"](found["net"], found["x"], found["y"])


def test_laplacian_of_a_batch():
    """Of x1^2 x2^2 at three points, one call for each axis gives 2 x2^2 + 2 x1^2."""
    x = torch.tensor([[1.0, 2.0], [3.0, 4.0], [0.0, 1.0]], requires_grad=True)
    g = torch.autograd.grad((x[:, 0] ** 2 * x[:, 1] ** 2).sum(), x, create_graph=True)[0]
    second = [torch.autograd.grad(g[:, i].sum(), x, retain_graph=True)[0][:, i] for i in range(2)]
    assert sum(second).tolist() == [2 * (b**2 + a**2) for a, b in x.tolist()]


def test_the_residual_is_trained(values):
    """The loss after fifty steps of Adam is that of differences, with u_xx as a formula."""
    torch.manual_seed(0)
    nn = torch.nn
    net = nn.Sequential(nn.Linear(1, 16), nn.Tanh(), nn.Linear(16, 1))
    weights = [p.detach().double() for p in net.parameters()]
    x = torch.linspace(0, 1, 20, dtype=torch.float64)[:, None]

    def loss(w1, b1, w2, b2):
        t = torch.tanh(x @ w1.mT + b1.unsqueeze(-2))
        u = t @ w2.mT + b2.unsqueeze(-2)
        u_xx = (-2 * t * (1 - t**2) * w1.mT**2) @ w2.mT
        return (u_xx + u).square().mean((-1, -2)) + (u[..., 0, 0] - 1).square()

    def moved(i, step):
        """Return all weights for each entry of weight i that is moved, in a batch."""
        w, rest = weights[i], [w.expand(weights[i].numel(), *w.shape) for w in weights]
        rest[i] = w + step * torch.eye(w.numel(), dtype=w.dtype).view(-1, *w.shape)
        return rest

    adam, step = torch.optim.Adam(weights, lr=1e-2), 1e-5
    for _ in range(50):
        last = loss(*weights).item()
        for i, w in enumerate(weights):
            slopes = (loss(*moved(i, step)) - loss(*moved(i, -step))) / (2 * step)
            w.grad = slopes.view(w.shape)
        adam.step()
    assert values(FOLDER + "right.py")["loss"] == pytest.approx(last, rel=1e-3)
