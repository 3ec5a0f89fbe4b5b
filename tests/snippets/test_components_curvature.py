"""The component of the recipe on curvature, by NumPy: forward passes, differences, closed forms."""

import importlib.util
from itertools import product as every
from pathlib import Path

import numpy as np
import pytest
import torch
from torch.nn.functional import cross_entropy

FILE = Path(__file__).parents[2] / "snippets/recipes/curvature/curvature_products.py"
spec = importlib.util.spec_from_file_location("curvature_products", FILE)
curvature = importlib.util.module_from_spec(spec)
spec.loader.exec_module(curvature)

LABELS = [0, 2, 1, 1]
X = np.random.default_rng(0).normal(size=(4, 3))


def logits(w):
    """A network of 3, 2 and 3 units in NumPy, with 15 weights."""
    return np.tanh(X @ w[:6].reshape(2, 3).T) @ w[6:12].reshape(3, 2).T + w[12:]


def log_softmax(f):
    return f - np.log(np.exp(f).sum(axis=1, keepdims=True))


def loss_of(w):
    return -log_softmax(logits(w))[range(4), LABELS].mean()


def differences(f, w, step):
    return np.array([(f(w + step * e) - f(w - step * e)) / (2 * step) for e in np.eye(len(w))])


def closed_form_fisher(w):
    """The mean of J' (diag p - p p') J, with J by differences."""
    J, p = differences(logits, w, 1e-6), np.exp(log_softmax(logits(w)))
    parts = [J[:, n] @ (np.diag(p[n]) - np.outer(p[n], p[n])) @ J[:, n].T for n in range(4)]
    return np.mean(parts, axis=0)


def network(dtype=torch.float64, device="cpu"):
    torch.manual_seed(0)
    net = torch.nn.Sequential(
        torch.nn.Linear(3, 2, bias=False), torch.nn.Tanh(), torch.nn.Linear(2, 3)
    ).to(device, dtype)
    outputs = net(torch.tensor(X, dtype=dtype, device=device))
    loss = cross_entropy(outputs, torch.tensor(LABELS, device=device))
    return loss, outputs, list(net.parameters())


def flat(tensors):
    return torch.cat([one.flatten() for one in tensors])


def weights(params):
    return flat(params).detach().double().numpy()


def matrix(product, params):
    rows = torch.eye(15, dtype=params[0].dtype)
    split = [row.split([p.numel() for p in params]) for row in rows]
    columns = [[r.view_as(p) for r, p in zip(row, params, strict=True)] for row in split]
    return torch.stack([flat(product(v)) for v in columns]).double().numpy()


@pytest.mark.parametrize(("dtype", "near"), [(torch.float32, 1e-5), (torch.float64, 1e-7)])
def test_products(dtype, near):
    """Hessian and Gauss-Newton products are those of the network in NumPy, and they differ."""
    loss, outputs, params = network(dtype)
    H = matrix(curvature.hessian(loss, params), params)
    G = matrix(curvature.gauss_newton(loss, outputs, params), params)
    w = weights(params)
    second = differences(lambda at: differences(loss_of, at, 1e-4), w, 1e-4)
    assert pytest.approx(second, abs=max(near, 1e-6)) == H
    assert pytest.approx(closed_form_fisher(w), abs=near) == G
    assert np.abs(H - G).max() > 1e-2


def test_fisher_by_its_definition():
    """Gauss-Newton is the mean of outer products over labels of the model, not of the data."""
    loss, outputs, params = network()
    G = matrix(curvature.gauss_newton(loss, outputs, params), params)
    w = weights(params)
    scores = differences(lambda at: log_softmax(logits(at)), w, 1e-6)
    p = np.exp(log_softmax(logits(w)))
    assert pytest.approx(np.einsum("nk,ink,jnk->ij", p, scores, scores) / 4, abs=1e-8) == G
    observed = scores[:, range(4), LABELS]
    assert np.abs(observed @ observed.T / 4 - G).max() > 1e-2


def test_sophia_estimates_the_diagonal():
    """The mean over all labels of the batch, each with its probability, is the exact diagonal."""
    loss, outputs, params = network()
    exact = np.diag(matrix(curvature.gauss_newton(loss, outputs, params), params))
    logs = torch.log_softmax(outputs, 1)
    mean = 0
    for labels in every(range(3), repeat=4):
        chosen = logs[range(4), labels]
        g = flat(torch.autograd.grad(-chosen.mean(), params, retain_graph=True))
        mean = mean + chosen.sum().exp().item() * 4 * g.numpy() ** 2
    assert mean == pytest.approx(exact, rel=1e-10)


def test_diagonal():
    """It is exact for a diagonal matrix from one sample, and unbiased for another."""
    params = [torch.zeros(2, dtype=torch.float64)]
    scale = torch.tensor([3.0, -5.0], dtype=torch.float64)
    found = curvature.diagonal(lambda v: [scale * v[0]], params)
    assert found[0].tolist() == [3, -5]
    C = torch.tensor([[3.0, 1.0], [1.0, -5.0]], dtype=torch.float64)
    torch.manual_seed(0)
    found = curvature.diagonal(lambda v: [C @ v[0]], params, samples=4000)
    assert found[0].tolist() == pytest.approx([3, -5], abs=0.06)


def test_solve():
    """It is what NumPy's direct solver gives, and b = 0 gives 0."""
    loss, outputs, params = network()
    product = curvature.gauss_newton(loss, outputs, params)
    g = torch.autograd.grad(loss, params, retain_graph=True)
    x = curvature.solve(product, g, damping=0.1, tolerance=1e-10)
    exact = np.linalg.solve(matrix(product, params) + 0.1 * np.eye(15), flat(g).numpy())
    assert flat(x).tolist() == pytest.approx(exact.tolist(), rel=1e-8)
    assert not flat(curvature.solve(product, [0 * one for one in g], 0.1)).any()


def test_products_that_keep_their_graph():
    """A product of one's own, with `create_graph=True`, does not see that p came from it."""
    w = torch.arange(1.0, 5.0, dtype=torch.float64).requires_grad_()
    loss = w.exp().sum() + w.prod() / 10
    (g,) = torch.autograd.grad(loss, w, create_graph=True)
    kept = curvature.solve(
        lambda v: torch.autograd.grad(g @ v[0], [w], create_graph=True), [g.detach()], 0.1
    )[0]
    freed = curvature.solve(curvature.hessian(loss, [w]), [g], 0.1)[0]
    assert not kept.requires_grad
    assert torch.allclose(kept, freed)


def test_errors():
    """It raises for no or negative curvature, no convergence, and a frozen weight."""
    w = torch.ones(2, requires_grad=True)
    with pytest.raises(ValueError, match="does not depend on the parameters"):
        curvature.hessian((3 * w).sum(), [w])
    with pytest.raises(ValueError, match="no curvature in the outputs"):
        outputs = 3 * w
        curvature.gauss_newton(outputs.sum(), outputs, [w])
    with pytest.raises(RuntimeError, match=r"curvature -2\.0e\+00"):
        curvature.solve(curvature.hessian(-w.pow(2).sum() / 2, [w]), [w / 2**0.5], 0.0 - 1.0)
    with pytest.raises(RuntimeError, match="curvature nan"):
        curvature.solve(lambda v: [v[0] * torch.nan], [w], 0.1)
    with pytest.raises(RuntimeError, match="no solution after 1 steps"):
        curvature.solve(lambda v: [v[0] * torch.tensor([1.0, 9.0])], [w], 0.0, steps=1)
    with pytest.raises(RuntimeError, match="does not require grad"):
        curvature.hessian(w.pow(2).sum(), [w, torch.ones(1)])


def test_a_weight_that_enters_linearly():
    """Its row of the Hessian is zero, and nothing raises."""
    w, b = torch.ones((), requires_grad=True), torch.ones((), requires_grad=True)
    product = curvature.hessian(w**3 + b, [w, b])
    assert [one.item() for one in product([w.detach(), b.detach()])] == [6, 0]


def test_meta():
    """Products and diagonals run without numbers; a solution needs them."""
    loss, outputs, params = network(device="meta")
    for product in (
        curvature.hessian(loss, params),
        curvature.gauss_newton(loss, outputs, params),
    ):
        found = curvature.diagonal(product, params)
        assert [(one.shape, one.device.type) for one in found] == [
            (p.shape, "meta") for p in params
        ]


def test_autocast():
    """Under bfloat16 autocast, the products keep the dtype of the parameters, and a few percent."""
    exact = network(torch.float32)
    with torch.autocast("cpu", torch.bfloat16):
        loss, outputs, params = network(torch.float32)
    found = curvature.gauss_newton(loss, outputs, params)(params)
    assert outputs.dtype == torch.bfloat16
    assert {one.dtype for one in found} == {torch.float32}
    wanted = flat(curvature.gauss_newton(*exact)(exact[2]))
    assert flat(found).tolist() == pytest.approx(wanted.tolist(), abs=0.05 * wanted.norm().item())


def test_compiled():
    """What AOTAutograd compiled raises; a graph that Dynamo only captured does not."""
    torch._dynamo.reset()
    x, y = torch.tensor(X), torch.tensor(LABELS)
    net = torch.nn.Linear(3, 3).double()
    params = list(net.parameters())
    for backend in ("eager", "aot_eager"):
        outputs = torch.compile(net, backend=backend)(x)
        loss = cross_entropy(outputs, y)
        if backend == "eager":
            found = curvature.gauss_newton(loss, outputs, params)(params)
            assert all(one.any() for one in found)
        else:
            with pytest.raises(RuntimeError, match="does not currently support double backward"):
                curvature.gauss_newton(loss, outputs, params)(params)


def test_training():
    """Natural-gradient steps train a network with all that a real one has."""
    torch.manual_seed(0)
    net = torch.nn.Sequential(
        torch.nn.Conv2d(1, 4, 3),
        torch.nn.BatchNorm2d(4),
        torch.nn.ReLU(),
        torch.nn.Dropout(0.1),
        torch.nn.Flatten(),
        torch.nn.Linear(64, 8),
        torch.nn.LayerNorm(8),
        torch.nn.GELU(),
        torch.nn.Linear(8, 3),
    )
    net[5].requires_grad_(False)
    frozen = net[5].weight.clone()
    x, y = torch.randn(48, 1, 6, 6), torch.arange(48) % 3
    x[:, :, 0] += y[:, None, None]
    params = [p for p in net.parameters() if p.requires_grad]
    losses = []
    for _ in range(10):
        outputs = net(x)
        loss = cross_entropy(outputs, y)
        g = torch.autograd.grad(loss, params, retain_graph=True)
        step = curvature.solve(curvature.gauss_newton(loss, outputs, params), g, damping=0.1)
        with torch.no_grad():
            for p, s in zip(params, step, strict=True):
                p -= 0.5 * s
        losses.append(loss.item())
    assert losses[-1] < 0.5 * losses[0]
    assert net[1].num_batches_tracked == 10
    assert torch.equal(net[5].weight, frozen)
