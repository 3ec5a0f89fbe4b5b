"""Checks for the table of derivatives: differences in NumPy, and passes counted."""

from pathlib import Path
from runpy import run_path

import numpy as np
import pytest
import torch
from torch.func import functional_call, grad, jacrev, vjp, vmap
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.flop_counter import FlopCounterMode

SNIPPETS = Path(__file__).parents[2] / "snippets/guides/which_derivative"
ORDER = ("0.weight", "0.bias", "2.weight", "2.bias")


def arrays(value):
    """A tensor, or a dict of them, as NumPy has it."""
    if isinstance(value, dict):
        return {key: arrays(one) for key, one in value.items()}
    return value.detach().numpy() if isinstance(value, torch.Tensor) else value


def ran(name):
    """Everything that a snippet computes, dicts included."""
    return arrays(run_path(str(SNIPPETS / name)))


@pytest.fixture(scope="module")
def found():
    return ran("calls.py")


@pytest.fixture
def network(found):
    """The network of the page in NumPy, ``f(theta, x)`` for one sample, and where it stands."""
    sizes = [np.size(found["params"][name]) for name in ORDER]
    theta = np.concatenate([np.ravel(found["params"][name]) for name in ORDER])

    def f(theta, x):
        W, b, w, c = np.split(theta, np.cumsum(sizes)[:-1])
        return float(w @ np.tanh(W.reshape(3, 2) @ x + b) + c[0])

    return f, theta, np.array(found["X"]), np.array(found["T"])


def slope(f, x, h=1e-5):
    """The gradient of a function of a vector, by central differences."""
    steps = h * np.eye(x.size)
    return np.array([(f(x + step) - f(x - step)) / (2 * h) for step in steps])


def curvature(f, x, h=1e-4):
    """Its Hessian."""
    return slope(lambda y: slope(f, y, h), x, h)


def flat(tree):
    """The entries of a dict of arrays, each sample's in a row."""
    return np.concatenate([np.array(tree[name]).reshape(len(tree[name]), -1) for name in ORDER], 1)


def test_gradients_of_parameters(found, network, values):
    """Each sample's, and their mean as the batch's."""
    f, theta, X, T = network
    each = [
        slope(lambda th, x=x, t=t: (f(th, x) - t) ** 2, theta) for x, t in zip(X, T, strict=True)
    ]
    assert flat(found["each"]) == pytest.approx(np.array(each), rel=1e-6, abs=1e-8)
    to_bias = values("guides/which_derivative/calls.py")["to_bias"]
    assert to_bias == pytest.approx(np.mean(each, 0)[-1])
    batch = np.concatenate([np.ravel(found["g"][name]) for name in ORDER])
    assert batch == pytest.approx(np.mean(each, 0), rel=1e-6, abs=1e-8)


def test_derivatives_of_inputs(found, network):
    """Slopes, Hessians, and the mixed derivatives."""
    f, theta, X, _ = network
    slopes = np.array([slope(lambda x: f(theta, x), x) for x in X])
    assert np.array(found["slopes"]) == pytest.approx(slopes, rel=1e-6)
    J = np.array(found["J"])
    assert J[np.arange(4), np.arange(4)] == pytest.approx(slopes, rel=1e-6)
    hessians = np.array([curvature(lambda x: f(theta, x), x) for x in X])
    assert np.array(found["H_x"]) == pytest.approx(hessians, rel=1e-4, abs=1e-6)
    for i, x in enumerate(X):
        cross = np.concatenate([np.reshape(found["cross"][name][i], (2, -1)) for name in ORDER], 1)
        true = [
            slope(lambda th, x=x, j=j: slope(lambda y: f(th, y), x, 1e-4)[j], theta, 1e-4)
            for j in range(2)
        ]
        assert cross == pytest.approx(np.array(true), rel=1e-4, abs=1e-6)


def test_derivatives_of_the_module(found, network):
    """The matrix, of which product, block and diagonal are parts."""
    f, theta, X, T = network
    H = curvature(
        lambda th: np.mean([(f(th, x) - t) ** 2 for x, t in zip(X, T, strict=True)]), theta
    )
    near = {"rel": 1e-4, "abs": 1e-6}
    assert np.array(found["H"]) == pytest.approx(H, **near)
    assert np.array(found["Hv"]) == pytest.approx(H @ np.array(found["v"]), **near)
    assert np.array(found["block"]) == pytest.approx(H[9:12, 9:12], **near)
    assert np.array(found["diagonal"]) == pytest.approx(H.diagonal(), **near)
    assert np.array(found["H_again"]) == pytest.approx(H, **near)


def test_the_matrix_of_several_inputs():
    """The Hessian of (a1^2 + a2^2) b at (1, 2, 3), by hand."""
    matrix = ran("structures.py")["matrix"].tolist()
    assert matrix == [
        [2 * 3, 0, 2 * 1],
        [0, 2 * 3, 2 * 2],
        [2 * 1, 2 * 2, 0],
    ]


def test_slopes_through_a_recurrent_layer():
    """Those by vmap, with a state that depends on the sample, are those of differences."""
    found = run_path(str(SNIPPETS / "recurrent.py"))
    lstm, X = found["lstm"], found["X"].detach()

    def total(x):
        with torch.no_grad():
            return lstm(torch.tensor(x).reshape(1, 5, 2))[0].sum().item()

    true = [slope(total, x.numpy().ravel()).reshape(5, 2) for x in X]
    assert found["slopes"].detach().numpy() == pytest.approx(np.array(true), abs=1e-7)


@pytest.mark.parametrize("layer", [torch.nn.GRU, torch.nn.RNN, torch.nn.LSTM])
def test_recurrent_layers_under_vmap(layer):
    """Without a state of the sample's own they raise, and with one they do not."""
    net = layer(2, 3, batch_first=True).double()

    def total(x, own):
        state = x.new_zeros(1, 1, 3) + 0 * x.sum()
        states = ((state, state) if layer is torch.nn.LSTM else state,) if own else ()
        return net(x[None], *states)[0].sum()

    X = torch.randn(4, 5, 2, dtype=torch.float64)
    with pytest.raises(RuntimeError, match="doesn't match the broadcast shape"):
        vmap(grad(total), in_dims=(0, None))(X, False)
    each = torch.stack([grad(total)(x, False) for x in X])
    assert torch.allclose(vmap(grad(total), in_dims=(0, None))(X, True), each)


ENCODER = torch.nn.TransformerEncoderLayer(4, 2, 8, dropout=0.0, batch_first=True)
MODELS = {
    "convolutions": [torch.nn.Conv1d(4, 2, 3), torch.nn.Softplus(), torch.nn.MaxPool1d(2)],
    "layer norm": [torch.nn.Linear(6, 4), torch.nn.LayerNorm(4)],
    "group norm": [torch.nn.Conv1d(4, 4, 3), torch.nn.GroupNorm(2, 4), torch.nn.SiLU()],
    "batch norm": [torch.nn.Conv1d(4, 2, 3), torch.nn.BatchNorm1d(2).eval(), torch.nn.Tanh()],
    "attention": [torch.nn.Linear(6, 4), ENCODER],
}


@pytest.mark.parametrize("name", MODELS)
def test_products_in_real_models(name):
    """vjp(grad(L)) is the difference of two gradients, with attention's unfused kernel."""
    torch.manual_seed(0)
    net = torch.nn.Sequential(*MODELS[name]).double()
    x = torch.randn(3, 4, 6, dtype=torch.float64)
    params = {key: p.detach() for key, p in net.named_parameters()}
    v = {key: torch.randn_like(p) for key, p in params.items()}

    def L(params):
        return functional_call(net, params, (x,)).pow(2).mean()

    def moved(h):
        return grad(L)({key: p + h * v[key] for key, p in params.items()})

    if name == "attention":
        with pytest.raises(RuntimeError, match="is not implemented"):
            vjp(grad(L), params)[1](v)
    with sdpa_kernel(SDPBackend.MATH):
        product = vjp(grad(L), params)[1](v)[0]
        ahead, behind = moved(1e-5), moved(-1e-5)
    for key in params:
        assert torch.allclose(product[key], (ahead[key] - behind[key]) / 2e-5, atol=1e-6), key


def test_the_fisher_matrix():
    """It is the mean of the squares of slopes of log p, weighted with p, by differences."""
    found = ran("fisher.py")
    sizes = [np.size(found["params"][name]) for name in ORDER]
    theta, v = (
        np.concatenate([np.ravel(found[one][name]) for name in ORDER]) for one in ("params", "v")
    )

    def log_p(theta, x):
        W, b, w, c = np.split(theta, np.cumsum(sizes)[:-1])
        z = w.reshape(3, 3) @ np.tanh(W.reshape(3, 2) @ x + b) + c
        return z - np.log(np.exp(z).sum())

    product = np.zeros_like(theta)
    for x in np.array(found["X"]):
        for k, p in enumerate(np.exp(log_p(theta, x))):
            score = slope(lambda th, x=x, k=k: log_p(th, x)[k], theta)
            product += p * score * (score @ v) / 4
    ours = np.concatenate([np.ravel(found["Fv"][name]) for name in ORDER])
    assert ours == pytest.approx(product, rel=1e-5, abs=1e-8)


def test_either_side_of_the_divergence_may_be_the_constant():
    """At equality, both give the product; with both constant or none, it is zero."""
    theta, v = torch.randn(2, 4, 3, dtype=torch.float64)
    theta.requires_grad_()

    def product(hold_old, hold_new):
        old, new = (
            (theta.detach() if hold else theta).log_softmax(-1) for hold in (hold_old, hold_new)
        )
        total = (old.exp() * (old - new)).sum()
        g = torch.autograd.grad(total, theta, create_graph=True)[0]
        assert torch.allclose(g, torch.zeros_like(g), atol=1e-12)
        return torch.autograd.grad(g, theta, v)[0]

    assert torch.allclose(product(True, False), product(False, True))
    assert product(True, False).abs().max() > 0.01
    assert torch.allclose(product(False, False), torch.zeros_like(theta), atol=1e-12)


def test_the_diagonal_of_a_function_of_each_entry():
    """One product with ones; with entries that mix, it is the sum of a row."""
    x = torch.tensor([1.0, 2.0, 3.0])
    for f, alone in ((lambda x: (x**3).sum(), True), (torch.prod, False)):
        ones = vjp(grad(f), x)[1](torch.ones(3))[0]
        assert torch.allclose(ones, jacrev(jacrev(f))(x).diag()) is alone


@pytest.mark.parametrize("layers", [2, 5])
def test_the_passes_of_the_table(layers):
    """Multiplications counted: a Hessian is a gradient and a second pass for each row."""
    width, samples = 3, 4
    torch.manual_seed(0)
    X = torch.randn(samples, width)
    theta = torch.randn(layers * width * width) / width

    def net(theta, X):
        for W in theta.view(layers, width, width):
            X = (X @ W).tanh()
        return X.sum(-1)

    def L(theta):
        return net(theta, X).pow(2).mean()

    def count(call):
        with FlopCounterMode(display=False) as counter:
            call()
        return counter.get_total_flops()

    gradient = count(lambda: grad(L)(theta))
    product = count(lambda: vjp(grad(L), theta)[1](theta))
    one = product - gradient
    assert one > 0
    assert count(lambda: jacrev(grad(L))(theta)) == gradient + len(theta) * one
    inputs = count(lambda: grad(lambda X: net(theta, X).sum())(X))
    mixed = count(lambda: jacrev(grad(lambda X: net(theta, X).sum()))(X))
    second = count(lambda: vjp(grad(lambda X: net(theta, X).sum()), X)[1](X)) - inputs
    assert mixed == inputs + X.numel() * second
