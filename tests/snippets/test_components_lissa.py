"""The component of LiSSA: its fixed point, its bounds, dtypes, devices, and what it raises."""

import numpy as np
import pytest
import torch

COMPONENT = "recipes/lissa/lissa.py"
FOLDER = "recipes/lissa"


@pytest.fixture
def lissa(report):
    """The component's names, of its text as it is verified."""
    names = {}
    exec(report.verdicts[COMPONENT].snippet.text, names)
    return names


def bowl(A, dtype):
    """A quadratic form over two weights of other shapes, whose Hessian is A."""
    A = torch.tensor(A, dtype=dtype)
    weights = [torch.zeros(2, 1, dtype=dtype), torch.zeros(1, dtype=dtype)]
    weights = [w.requires_grad_() for w in weights]
    flat = torch.cat([w.flatten() for w in weights])
    return flat @ A @ flat / 2 + flat.sum(), weights


A = [[2.0, 0.5, 0.1], [0.5, 1.0, -0.3], [0.1, -0.3, 3.0]]


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("damping", [0.0, 0.05])
def test_fixed_point_is_the_solution(lissa, dtype, damping):
    """That of the damped system, in NumPy, in the shapes and the dtype of the weights."""
    loss, weights = bowl(A, dtype)
    product = lissa["hessian_product"](loss, weights)
    v = [torch.tensor([[1.0], [2.0]], dtype=dtype), torch.tensor([-1.0], dtype=dtype)]
    for given, found in zip(
        np.array(A) @ [1, 2, -1], [*product(v)[0], *product(v)[1]], strict=True
    ):
        assert found.item() == pytest.approx(given, rel=1e-6)
    found = lissa["inverse_product"](product, v, scale=4.0, damping=damping, tolerance=1e-5)
    truth = np.linalg.solve(np.array(A) + 4 * damping * np.eye(3), [1, 2, -1])
    assert [t.dtype for t in found] == [dtype] * 2 and found[0].shape == (2, 1)
    assert torch.cat([t.flatten() for t in found]).tolist() == pytest.approx([*truth], abs=1e-4)
    assert not any(t.requires_grad for t in found)


def test_bounds(lissa):
    """On either side of both, and a recursion that is only slow."""
    H = np.array([5.0, -0.1])

    def product(h):
        return [torch.tensor(H) * h[0]]

    v = [torch.ones(2).double()]
    run = lissa["inverse_product"]
    above, below = 5 / 1.9 * 1.02, 5 / 1.9 * 0.98
    assert run(product, v, scale=above, damping=0.1)[0].numpy() == pytest.approx(
        1 / (H + 0.1 * above), rel=1e-3
    )
    with pytest.raises(RuntimeError, match="diverges"):
        run(product, v, scale=below, damping=0.1)
    with pytest.raises(RuntimeError, match="diverges"):
        run(product, v, scale=6.0, damping=0.015, steps=100_000)
    with pytest.raises(RuntimeError, match="after 10 steps"):
        run(product, v, scale=6.0, damping=0.1, steps=10)
    assert run(product, v, scale=6.0, damping=0.1, steps=10, tolerance=None)[0].isfinite().all()


def test_random_batches_average_to_the_solution(lissa):
    """Each product is of one of two matrices, and the mean Hessian is solved."""
    torch.manual_seed(0)
    each = torch.tensor([[1.0, 3.0], [2.0, 1.0]]).double()

    def product(h):
        return [each[torch.randint(2, ())] * h[0]]

    v = [torch.ones(2).double()]
    runs = [
        lissa["inverse_product"](product, v, scale=20.0, steps=200, tolerance=None)[0]
        for _ in range(50)
    ]
    assert torch.stack(runs).mean(0).tolist() == pytest.approx([1 / 1.5, 0.5], rel=0.05)


def test_spread_over_random_batches(lissa):
    """With the factor 1 - H / scale of each batch, its second moment has to be below one."""
    torch.manual_seed(0)

    def product(h):
        return [4.0 * torch.randint(2, h[0].shape) * h[0]]  # 0 or 4, and 2 on average

    def moment(scale):
        return (1 + (1 - 4 / scale) ** 2) / 2

    run, v = lissa["inverse_product"], [torch.ones(20_000, dtype=torch.float64)]
    assert moment(4.4) < 1 < moment(1.2)  # both above 2 / 2, the bound of the mean
    for scale in (4.4, 8.0):
        (u,) = run(product, v, scale=scale, steps=200, tolerance=None)
        second = (1 + 2 * (scale / 2) * (1 - 2 / scale)) / (1 - moment(scale))
        spread = (second - (scale / 2) ** 2) ** 0.5 / scale
        assert u.mean().item() == pytest.approx(0.5, abs=4 * spread / 20_000**0.5)
        assert u.std().item() == pytest.approx(spread, rel=0.05)
    with pytest.raises(RuntimeError, match="of each batch"):
        run(product, v, scale=1.2, steps=200, tolerance=None)


@pytest.mark.parametrize(("scale", "damping"), [(20, 0), (80, 0), (20, 0.05), (80, 0.05)])
def test_number_of_steps(lissa, scale, damping):
    """It is the estimate of the page, to a tenth."""
    calls = []

    def product(h):
        calls.append(1)
        return [torch.tensor([1.0, 20.0]).double() * h[0]]

    lissa["inverse_product"](product, [torch.ones(2).double()], scale=scale, damping=damping)
    steps = scale / (1 + scale * damping) * np.log(1e4)
    assert len(calls) == pytest.approx(steps, rel=0.1)


def test_a_network_with_frozen_and_linear_weights(lissa):
    """Rows of the Hessian that are zero are kept, and the damped solution is that of torch.func."""
    torch.manual_seed(0)
    net = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.Softplus(), torch.nn.Linear(3, 1))
    net = net.double()
    net[2].requires_grad_(False)
    shift = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    weights = [net[0].weight, net[0].bias, shift]
    x = torch.randn(5, 2).double()

    def loss(weight, bias, shift):
        hidden = torch.nn.functional.softplus(x @ weight.T + bias)
        return (hidden @ net[2].weight.T + net[2].bias).square().mean() + shift.sum()

    parts = torch.autograd.functional.hessian(loss, tuple(w.detach() for w in weights))
    sizes = [w.numel() for w in weights]
    H = torch.cat(
        [torch.cat([b.reshape(n, m) for b, m in zip(row, sizes, strict=True)], 1)
         for row, n in zip(parts, sizes, strict=True)]
    )  # fmt: skip
    product = lissa["hessian_product"](net(x).square().mean() + shift.sum(), weights)
    v = [torch.randn_like(w) for w in weights]
    found = lissa["inverse_product"](product, v, scale=10.0, damping=0.05, tolerance=1e-8)
    flat = torch.cat([t.flatten() for t in v])
    truth = torch.linalg.solve(H + 0.5 * torch.eye(len(H)).double(), flat)
    assert torch.allclose(torch.cat([t.flatten() for t in found]), truth, rtol=1e-5)


def test_what_is_refused(lissa):
    """A linear loss, and a scale or damping that cannot work."""
    w = torch.ones(2, requires_grad=True)
    with pytest.raises(RuntimeError, match="linear in the weights"):
        lissa["hessian_product"](w.sum(), [w])
    for given in ({"scale": 0}, {"scale": 1, "damping": 2}, {"scale": 1, "damping": -0.1}):
        with pytest.raises(ValueError, match="a positive scale"):
            lissa["inverse_product"](lambda h: h, [torch.ones(2)], **given)
    with pytest.raises(ValueError, match="at least one step"):
        lissa["inverse_product"](lambda h: h, [torch.ones(2)], scale=1, steps=0)


@pytest.mark.parametrize("tolerance", [1e-4, None])
def test_of_nothing_nothing_comes(lissa, tolerance):
    """The solution for zero is zero, and no divergence."""
    run = lissa["inverse_product"]
    assert run(lambda h: h, [torch.zeros(2)], scale=2.0, tolerance=tolerance)[0].tolist() == [0, 0]


def test_what_the_page_shows(values):
    """The solution is that of the damped system; the estimate keeps no node, undetached all."""
    X = np.array([[1, 2], [-1, 0.5], [0.3, -2]])
    u = np.linalg.solve(X.T @ X / 3 + 0.1 * np.eye(2), [1, 3])
    assert values(f"{FOLDER}/divided.py")["s_test"] == pytest.approx(u, abs=6e-5)
    assert values(f"{FOLDER}/undivided.py")["s_test"] == pytest.approx(10 * u, abs=6e-5)
    assert max(values(f"{FOLDER}/scale.py")["offs"]) < 1e-2
    assert values(f"{FOLDER}/scale.py")["added"] == 0.25
    assert values(f"{FOLDER}/detached.py")["counts"] == [0, 0]
    ten, twenty = values(f"{FOLDER}/undetached.py")["counts"]
    assert twenty > 1.9 * ten > 0
