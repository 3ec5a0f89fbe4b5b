"""The component of unrolled updates: closed forms, differences, dtypes, and what it raises."""

import numpy as np
import pytest
import torch

COMPONENT = "recipes/unrolled_updates/unrolled.py"
FOLDER = "recipes/unrolled_updates"


@pytest.fixture
def tool(report):
    """The component's names, of its text as it is verified."""
    names = {}
    exec(report.verdicts[COMPONENT].snippet.text, names)
    return names


def test_the_example_of_the_paper(values):
    """With w' = a, the validation loss is a^2 - 2a + 1; the cut one sees w' - 2 alone."""
    assert values(f"{FOLDER}/darts_kept.py")["dJ_da"] == 2 * 2 - 2
    assert values(f"{FOLDER}/darts_cut.py")["dJ_da"] == 2 - 2


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("momentum", [None, 0.9])
def test_architecture_gradient(tool, dtype, momentum):
    """A ridge regression with a strength for each weight, by differences in NumPy."""
    rng = np.random.default_rng(0)
    X, Y = rng.normal(size=(2, 6, 3)), rng.normal(size=(2, 6))
    w, a, m = rng.normal(size=(3, 3))
    rate, decay = 0.1, 0.05

    def after(a):
        slope = 2 * (X[0] @ w - Y[0]) @ X[0] / 6 + 2 * np.exp(a) * w + decay * w
        moved = w - rate * (slope + (momentum or 0) * m)
        return np.square(X[1] @ moved - Y[1]).mean() + a.sum()

    true = [(after(a + h) - after(a - h)) / 2e-6 for h in np.eye(3) * 1e-6]
    given = [torch.tensor(t, dtype=dtype) for t in (X, Y, w, a, m)]
    x, y, weight, alpha, buffer = given

    def loss(k):
        def of(w, a):
            fit = (x[k] @ w["w"] - y[k]).square().mean()
            return fit + (a["a"].sum() if k else (a["a"].exp() * w["w"] ** 2).sum())

        return of

    extra = {} if momentum is None else {"buffers": {"w": buffer}, "momentum": momentum}
    found = tool["architecture_gradient"](
        loss(0), loss(1), {"w": weight}, {"a": alpha}, rate, decay=decay, **extra
    )["a"]
    assert found.dtype == dtype and not found.requires_grad and weight.grad is None
    assert found.tolist() == pytest.approx(true, rel=1e-3 if dtype == torch.float32 else 1e-6)


def test_an_unused_alpha_raises(tool):
    """The message is PyTorch's, and nothing is hidden."""
    w, a = {"w": torch.ones(1)}, {"a": torch.ones(1)}

    def loss(w, a):
        return w["w"].square().sum()

    with pytest.raises(RuntimeError, match="not have been used"):
        tool["architecture_gradient"](loss, loss, w, a, 0.1)


def test_the_mixed_layer(values):
    """The loss after a step whose slopes are written out, by differences in the shares."""
    torch.manual_seed(0)
    torch.set_default_dtype(torch.float64)
    try:
        layers = torch.nn.Linear(4, 8), torch.nn.Linear(4, 8), torch.nn.Linear(8, 1)
        data = [torch.randn(32, size).numpy() for size in (4, 1, 4, 1)]
    finally:
        torch.set_default_dtype(torch.float32)
    start = [p.detach().numpy() for layer in layers for p in layer.parameters()]

    def outputs(weights, share, x):
        A, a, B, b, v, c = weights
        first, second = x @ A.T + a, np.tanh(x @ B.T + b)
        mixed = share[0] * np.maximum(first, 0) + share[1] * second
        return first, second, mixed, mixed @ v.T + c

    def after(alpha):
        share = np.exp(alpha) / np.exp(alpha).sum()
        x, y, x_new, y_new = data
        first, second, mixed, output = outputs(start, share, x)
        back = 2 * (output - y) / 32
        down = back @ start[4]
        one, two = share[0] * down * (first > 0), share[1] * down * (1 - second**2)
        slopes = one.T @ x, one.sum(0), two.T @ x, two.sum(0), back.T @ mixed, back.sum(0)
        moved = [w - 0.1 * g for w, g in zip(start, slopes, strict=True)]
        return np.square(outputs(moved, share, x_new)[3] - y_new).mean()

    true = [(after(h) - after(-h)) / 2e-6 for h in np.eye(2) * 1e-6]
    found = values(f"{FOLDER}/darts_network.py")
    assert found["exact"] == pytest.approx(true, rel=1e-5)
    exact, first = (np.array(found[name]) for name in ("exact", "first_order"))
    off = np.linalg.norm(first - exact) / np.linalg.norm(exact)
    assert found["off_first"] == pytest.approx(off)


def test_differences_of_the_network(values):
    """The paper's differences are close to the component, and first order is not."""
    found = values(f"{FOLDER}/darts_network.py")
    assert found["off"] < 1e-6 < 0.05 < found["off_first"]


def test_slope_of_a_learned_optimizer(values, tool):
    """Of the sum of losses in the last bias, by two runs with the gradient 4 theta^3."""
    torch.manual_seed(0)
    torch.set_default_dtype(torch.float64)
    try:
        learned = tool["LearnedOptimizer"]()
    finally:
        torch.set_default_dtype(torch.float32)

    @torch.no_grad()
    def run(move):
        learned.update.bias += move
        theta, total = torch.tensor([1.0, -0.5], dtype=torch.float64), 0.0
        state = learned.start(theta)
        for _ in range(20):
            update, state = learned(4 * theta**3, state)
            theta = theta + update
            total += (theta**4).sum().item()
        learned.update.bias -= move
        return total

    true = (run(1e-6) - run(-1e-6)) / 2e-6
    right, cut = values(f"{FOLDER}/second_order.py")["slopes"]
    assert right == pytest.approx(true, rel=1e-5)
    assert cut != pytest.approx(true, rel=0.1)


def test_segments(values, tool):
    """Both are carried as constants, and a state with a graph is refused."""
    theta = torch.ones(2, requires_grad=True) * 2
    state = (theta * 1, theta * 2)
    theta, state = tool["cut"](theta, state)
    assert theta.is_leaf and theta.requires_grad
    assert not any(s.requires_grad for s in state)
    assert "second time" in values(f"{FOLDER}/state_kept.py")["error"]
    assert values(f"{FOLDER}/learned.py")["after"] < 0.01


def test_a_second_network(values):
    """The slope of the validation loss, with the steps' gradients by hand, in NumPy."""
    x, y = np.array([1.0, -2]), np.array([0.5, 1])
    x_new, y_new = np.array([-0.4, 1.5]), np.array([1, 0.2])

    def J(v, steps, detached):
        a, b = 0.6, 0.8
        for _ in range(steps):
            h = np.tanh(a * x)
            s = np.tanh(v * h)
            off = 2 * (b * (s + h) - y) / 2
            inner = 1 + (0 if detached else v * (1 - s**2))
            slopes = (off * b * inner * (1 - h**2) * x).sum(), (off * (s + h)).sum()
            a, b = a - 0.5 * slopes[0], b - 0.5 * slopes[1]
        return ((b * np.tanh(a * x_new) - y_new) ** 2).mean()

    found = values("recipes/unrolled_updates/second_network.py")
    cases = [(steps, detached) for steps in (1, 3) for detached in (False, True)]
    truth = [(J(0.7 + 1e-5, *case) - J(0.7 - 1e-5, *case)) / 2e-5 for case in cases]
    assert found["differences"] == pytest.approx(truth, rel=1e-5)
    assert found["slopes"][:3] == pytest.approx(truth[:3], rel=1e-5)
    assert found["slopes"][3] != pytest.approx(truth[3], rel=0.1)
