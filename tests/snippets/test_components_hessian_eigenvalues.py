"""The component of Hessian eigenvalues: batches, dtypes, closed forms, and what it raises."""

import numpy as np
import pytest
import torch

COMPONENT = "recipes/hessian_eigenvalues/eigenvalues.py"
FOLDER = "recipes/hessian_eigenvalues"


@pytest.fixture
def eigenvalues(report):
    """The component's names, of its text as it is verified."""
    names = {}
    exec(report.verdicts[COMPONENT].snippet.text, names)
    return names


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_whole_hessian_from_unequal_batches(eigenvalues, dtype):
    """Each column is that of torch.func, for the mean over all rows; so is the top eigenvalue."""
    torch.manual_seed(0)
    net = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.Tanh(), torch.nn.Linear(3, 1))
    net = net.to(dtype)
    weights, x, y = list(net.parameters()), torch.randn(10, 2, dtype=dtype), torch.randn(10, 1)
    y = y.to(dtype)

    def loss_of(batch):
        return torch.nn.functional.mse_loss(net(batch[0]), batch[1])

    def whole(flat):
        parts = flat.split([w.numel() for w in weights])
        named = {
            name: part.view_as(w)
            for (name, w), part in zip(net.named_parameters(), parts, strict=True)
        }
        return torch.nn.functional.mse_loss(torch.func.functional_call(net, named, x), y)

    flat = torch.cat([w.detach().flatten() for w in weights])
    H = torch.func.hessian(whole)(flat)
    data = torch.utils.data.TensorDataset(x, y)
    loader = torch.utils.data.DataLoader(data, batch_size=4)
    product = eigenvalues["data_product"](loss_of, weights, loader)
    v = [torch.randn_like(w) for w in weights]
    found = torch.cat([t.flatten() for t in product(v)])
    assert found.dtype == dtype and not found.requires_grad
    assert torch.allclose(found, H @ torch.cat([t.flatten() for t in v]), atol=1e-5)
    top, vector = eigenvalues["top_eigenvalue"](product, weights, tolerance=1e-4)
    truth = np.linalg.eigvalsh(H.double().numpy())
    assert top == pytest.approx(max(truth, key=abs), rel=1e-5)
    assert sum(t.square().sum() for t in vector).item() == pytest.approx(1, rel=1e-5)


def test_negative_eigenvalues_keep_their_sign(eigenvalues):
    """The one of largest size is found, with its sign; two of opposite sign are refused."""
    weights = [torch.zeros(3).double()]
    for H, sign in ((torch.tensor([1.0, -5.0, 2.0]), -5), (torch.tensor([5.0, -5.0, 2.0]), None)):
        product = lambda v, H=H: [H.double() * v[0]]  # noqa: E731
        if sign:
            top, _ = eigenvalues["top_eigenvalue"](product, weights)
            assert top == pytest.approx(sign, rel=1e-5)
        else:
            with pytest.raises(RuntimeError, match="opposite sign"):
                eigenvalues["top_eigenvalue"](product, weights, steps=50)


def test_what_is_refused(eigenvalues):
    """An iterator that is empty the second time, and products of other matrices each time."""
    w = torch.zeros(2, requires_grad=True)

    def loss_of(batch):
        return (batch[0] @ w - 1).square().mean()

    once = eigenvalues["data_product"](loss_of, [w], iter([(torch.eye(2),)]))
    once([torch.ones(2)])
    with pytest.raises(ValueError, match="not an iterator"):
        once([torch.ones(2)])

    for other in ([torch.ones(1)], [torch.ones(3, 2)], [torch.ones(2)] * 2):
        with pytest.raises(ValueError, match="shapes of the weights"):
            eigenvalues["data_product"](loss_of, [w], [(torch.eye(2),)])(other)

    def changing(v):
        H = torch.randn(2, 2)
        return [(H + H.T) @ v[0]]

    with pytest.raises(RuntimeError, match="change between its calls"):
        eigenvalues["top_eigenvalue"](changing, [w], steps=50)


@pytest.mark.parametrize(
    "wrap", [lambda x, y: x, lambda x, y: (x, y), lambda x, y: [[x, y], y], lambda x, y: {"x": x}]
)
def test_batches_of_each_kind_count_rows(eigenvalues, wrap):
    """A tensor, tuples, and a dictionary: the sizes of unequal batches, and not of columns."""
    w, x = torch.zeros(2, requires_grad=True), torch.tensor([[1.0, 0], [3, 1], [0, 2], [1, 1]])

    def loss_of(batch):
        while not isinstance(batch, torch.Tensor):
            batch = batch["x"] if isinstance(batch, dict) else batch[0]
        return (batch @ w).square().mean()

    batches = [wrap(part, torch.zeros(2)) for part in x.split(3)]
    found = eigenvalues["data_product"](loss_of, [w], batches)([torch.ones(2)])
    assert found[0].tolist() == pytest.approx((2 * x.T @ x / 4 @ torch.ones(2)).tolist())


def test_many_eigenvalues_below_the_top(eigenvalues):
    """With an ordinary tolerance it stops among them, and with a lower one at the top."""
    torch.manual_seed(0)
    values = torch.ones(100_000, dtype=torch.float64)
    values[3] = 1.05
    weights = [torch.zeros_like(values)]
    run = lambda **more: eigenvalues["top_eigenvalue"](lambda v: [values * v[0]], weights, **more)  # noqa: E731
    assert run()[0] == pytest.approx(1, abs=1e-4)
    assert run(tolerance=1e-6)[0] == pytest.approx(1.05, abs=1e-5)


def test_batch_normalization_in_train_mode(eigenvalues):
    """It comes to rest, at the largest eigenvalue of the mean of what each batch computes."""
    torch.manual_seed(0)
    norm = torch.nn.BatchNorm1d(2, affine=False).double()
    w, x = torch.zeros(2, dtype=torch.float64, requires_grad=True), torch.rand(8, 2).double() ** 2
    product = eigenvalues["data_product"](
        lambda batch: (norm(batch) @ w - 1).square().mean(), [w], x.split(4)
    )
    top = {}
    for mode in (True, False):
        norm.train(mode)
        top[mode] = eigenvalues["top_eigenvalue"](product, [w], tolerance=1e-6)[0]
    parts = [
        (part - part.mean(0)) / (part.var(0, correction=0) + 1e-5).sqrt() for part in x.split(4)
    ]
    H = sum(part.T @ part / 2 for part in parts) / 2
    assert top[True] == pytest.approx(np.linalg.eigvalsh(H.numpy())[-1], rel=1e-5)
    assert top[False] != pytest.approx(top[True], rel=0.1)


def test_batches_without_curvature_and_under_no_grad(eigenvalues):
    """A batch whose loss is linear counts as zero; the caller's no_grad does no harm."""
    w = torch.ones(2, requires_grad=True)
    loss_of = lambda batch: (batch[0] @ w).square().mean() if batch[1] else (batch[0] @ w).mean()  # noqa: E731
    batches = [(torch.eye(2), True), (torch.eye(2), False)]
    with torch.no_grad():
        found = eigenvalues["data_product"](loss_of, [w], batches)([torch.ones(2)])
    assert found[0].tolist() == [0.5, 0.5]


def test_what_the_page_shows(values):
    """The eigenvalue is NumPy's; that of changing batches is that of their product."""
    X = np.array([[2, 0], [0, 0.5], [0.5, 0.5], [0, 2]])
    each = [rows.T @ rows / 2 for rows in (X[:2], X[2:])]
    top = np.linalg.eigvalsh(sum(each) / 2).max()
    assert values(f"{FOLDER}/same.py")["top"] == pytest.approx(top, rel=1e-5)
    first, last = each
    growth, turned = np.linalg.eig(last @ first)
    turned = first @ turned[:, growth.argmax()]
    stretched = np.linalg.norm(last @ turned) / np.linalg.norm(turned)
    assert values(f"{FOLDER}/changing.py")["top"] == pytest.approx(stretched, rel=1e-5)
    assert max(stretched, growth.max() ** 0.5) < 0.7 * top


def test_the_hessian_of_the_residual(values):
    """Its largest eigenvalue is that of a matrix of differences of first derivatives."""
    torch.manual_seed(0)
    net = torch.nn.Sequential(torch.nn.Linear(1, 8), torch.nn.Tanh(), torch.nn.Linear(8, 1))
    x = torch.rand(50, 1).double()
    W, b, V, c = (p.detach().double().numpy() for p in net.parameters())
    x = x.numpy()

    def residual(flat):
        W, b, V, c = flat[:8], flat[8:16], flat[16:24], flat[24]
        t = np.tanh(x * W + b)
        u, u_xx = t @ V + c, (-2 * t * (1 - t**2) * W**2) @ V
        return ((u_xx + np.sin(u)) ** 2).mean()

    flat = np.concatenate([W.ravel(), b, V.ravel(), c])
    h, E = 1e-4, np.eye(25) * 1e-4
    H = np.array([
        [(residual(flat + p + q) - residual(flat + p - q) - residual(flat - p + q)
          + residual(flat - p - q)) / (4 * h * h) for q in E] for p in E
    ])  # fmt: skip
    truth = max(np.linalg.eigvalsh(H), key=abs)
    assert values(f"{FOLDER}/pde.py")["top"] == pytest.approx(truth, rel=1e-3)


def test_the_wrapped_loss_has_the_slope_of_differences(report):
    """With respect to the first weights, through the inner derivative, against NumPy."""
    names = {}
    exec(report.verdicts[f"{FOLDER}/wrapped.py"].snippet.text, names)
    W, b, V, c = (p.detach().double().numpy() for p in names["net"].parameters())
    x = names["x"].double().numpy()

    def loss(W):
        t = np.tanh(x @ W.T + b)
        u, u_x = t @ V.T + c, ((1 - t**2) * W.T) @ V.T
        return ((u_x + u) ** 2).mean()

    (found,) = torch.autograd.grad(names["value"], names["net"][0].weight)
    step = 1e-5 * np.eye(8)[:, :, None]
    truth = [(loss(W + e) - loss(W - e)) / 2e-5 for e in step]
    assert found.flatten().tolist() == pytest.approx(truth, rel=1e-3, abs=1e-6)
