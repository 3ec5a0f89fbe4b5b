"""The penalty without a second derivative, by a penalty in NumPy and its differences."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest
import torch

FOLDER = Path(__file__).parents[2] / "snippets/recipes/without_second_derivative"
spec = importlib.util.spec_from_file_location("by_difference", FOLDER / "penalty_by_difference.py")
by_difference = importlib.util.module_from_spec(spec)
spec.loader.exec_module(by_difference)
penalty_by_difference = by_difference.penalty_by_difference

X = np.random.default_rng(0).normal(size=(6, 3))


def squared_norm(g):
    return g.pow(2).flatten(1).sum(1).mean()


def to_one(g):
    return (g.flatten(1).norm(dim=1) - 1).pow(2).mean()


def in_numpy(w, penalty):
    """The penalty of a network of 3, 4 and 1 units, by hand."""
    W, a = w[:12].reshape(4, 3), w[12:]
    g = ((1 - np.tanh(X @ W.T) ** 2) * a) @ W
    if penalty is squared_norm:
        return (g**2).sum(1).mean()
    return ((np.linalg.norm(g, axis=1) - 1) ** 2).mean()


def network(dtype, device="cpu"):
    torch.manual_seed(1)
    linear = torch.nn.Linear
    net = torch.nn.Sequential(linear(3, 4, bias=False), torch.nn.Tanh(), linear(4, 1, bias=False))
    return net.to(device, dtype)


@pytest.mark.parametrize("penalty", [squared_norm, to_one])
@pytest.mark.parametrize(("dtype", "near"), [(torch.float32, 2e-3), (torch.float64, 1e-7)])
def test_value_and_gradient(penalty, dtype, near):
    """The value is that of NumPy, and the gradient that of its differences."""
    net, x = network(dtype), torch.tensor(X, dtype=dtype)
    value = penalty_by_difference(net, x, penalty)
    value.backward()
    w = torch.cat([p.detach().flatten() for p in net.parameters()]).double().numpy()
    shifts = 1e-5 * np.eye(16)
    truth = [(in_numpy(w + e, penalty) - in_numpy(w - e, penalty)) / 2e-5 for e in shifts]
    found = torch.cat([p.grad.flatten() for p in net.parameters()]).double().numpy()
    assert value.item() == pytest.approx(in_numpy(w, penalty), rel=1e-5)
    assert np.linalg.norm(found - truth) < near * np.linalg.norm(truth)


def test_no_second_derivative():
    """It trains through a function that has only one derivative."""

    class Once(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return x.sin()

        @staticmethod
        @torch.autograd.function.once_differentiable
        def backward(ctx, outer):
            return outer * ctx.saved_tensors[0].cos()

    w = torch.tensor(0.7, dtype=torch.float64, requires_grad=True)
    x = torch.tensor([[0.4]], dtype=torch.float64)
    penalty_by_difference(lambda x: Once.apply(w * x), x, squared_norm).backward()
    u = 0.7 * 0.4
    assert w.grad.item() == pytest.approx(
        2 * 0.7 * np.cos(u) ** 2 - 2 * 0.49 * 0.4 * np.cos(u) * np.sin(u), rel=1e-7
    )


def test_dropout_has_one_mask():
    """With dropout, the three calls draw alike: a linear critic has the exact answer."""
    torch.manual_seed(0)
    w = torch.randn(8, dtype=torch.float64, requires_grad=True)
    x = torch.randn(5, 8, dtype=torch.float64)

    def critic(x):
        return torch.nn.functional.dropout(x) @ w

    value = penalty_by_difference(critic, x, squared_norm)
    (found,) = torch.autograd.grad(value, w)
    assert found @ w.detach() == pytest.approx(2 * value.item(), rel=1e-6)


def test_coupled_samples():
    """With batch norm in training mode, it is what double backpropagation gives."""
    torch.manual_seed(0)
    net = torch.nn.Sequential(
        torch.nn.Linear(3, 8), torch.nn.BatchNorm1d(8), torch.nn.Tanh(), torch.nn.Linear(8, 1)
    ).double()
    params, x = list(net.parameters()), torch.tensor(X, requires_grad=True)
    (g,) = torch.autograd.grad(net(x).sum(), x, create_graph=True)
    exact = torch.autograd.grad(squared_norm(g), params, materialize_grads=True)
    found = torch.autograd.grad(penalty_by_difference(net, x, squared_norm), params)
    for one, other in zip(found, exact, strict=True):
        assert one.flatten().tolist() == pytest.approx(other.flatten().tolist(), abs=1e-7)


def test_zero_gradient():
    """Where the gradient is zero, so is the penalty and its gradient, and nothing is nan."""
    w = torch.zeros(3, requires_grad=True)
    value = penalty_by_difference(lambda x: x @ w, torch.ones(2, 3), squared_norm)
    assert value.item() == 0
    assert torch.autograd.grad(value, w)[0].tolist() == [0, 0, 0]


def test_errors():
    """It raises for outputs of another shape, detached ones, and half precision."""
    x = torch.ones(2, 3)
    with pytest.raises(ValueError, match=r"\(2,\) or \(2, 1\), and returned \(2, 3\)"):
        penalty_by_difference(torch.sin, x, squared_norm)
    with pytest.raises(ValueError, match="does not depend on x"):
        penalty_by_difference(lambda x: x.detach().sum(1), x, squared_norm)
    net = network(torch.float32)
    with (
        torch.autocast("cpu", torch.bfloat16),
        pytest.raises(ValueError, match=r"torch\.bfloat16 are mostly rounding"),
    ):
        penalty_by_difference(net, x, squared_norm)


def test_meta():
    """It runs without numbers."""
    net = network(torch.float32, "meta")
    penalty_by_difference(net, torch.ones(2, 3, device="meta"), squared_norm).backward()
    assert net[0].weight.grad.device.type == "meta"


def test_compiled():
    """It trains what AOTAutograd compiled, which double backpropagation cannot."""
    torch._dynamo.reset()
    net = network(torch.float64)
    compiled = torch.compile(net, backend="aot_eager")
    penalty_by_difference(compiled, torch.tensor(X), squared_norm).backward()
    found = net[0].weight.grad.clone()
    net.zero_grad()
    penalty_by_difference(net, torch.tensor(X), squared_norm).backward()
    assert torch.allclose(found, net[0].weight.grad)


def test_training():
    """Added to a loss, it flattens a critic with convolution, norms, dropout and a frozen layer."""
    x = torch.randn(32, 1, 6, 6, generator=torch.Generator().manual_seed(0))
    sizes = []
    for weight in (0, 10):
        torch.manual_seed(0)
        net = torch.nn.Sequential(
            torch.nn.Conv2d(1, 4, 3),
            torch.nn.GroupNorm(2, 4),
            torch.nn.SiLU(),
            torch.nn.Dropout(0.1),
            torch.nn.Flatten(),
            torch.nn.Linear(64, 8),
            torch.nn.LayerNorm(8),
            torch.nn.Tanh(),
            torch.nn.Linear(8, 1),
        )
        net[5].requires_grad_(False)
        optimizer = torch.optim.Adam([p for p in net.parameters() if p.requires_grad], lr=1e-2)
        for _ in range(30):
            optimizer.zero_grad()
            penalty = penalty_by_difference(net, x, squared_norm)
            loss = (net(x)[:, 0] - x.mean((1, 2, 3))).pow(2).mean() + weight * penalty
            loss.backward()
            optimizer.step()
        sizes.append(penalty_by_difference(net.eval(), x, squared_norm).item())
    assert sizes[1] < 0.5 * sizes[0]
