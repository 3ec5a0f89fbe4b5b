"""Oracles for docs/pitfalls/third-derivative-of-normalization.md: mpmath, never autograd."""

import copy
import runpy
from pathlib import Path

import mpmath
import numpy as np
import pytest
import torch

SNIPPETS = Path(__file__).resolve().parents[2] / "snippets"
FOLDER = "pitfalls/third_derivative_of_normalization/"
A = [[0.5, 1.0, -1.5, 0.3], [1.0, -0.7, 0.2, 0.9], [0.3, 0.4, -1.0, -0.2]]
V = [[1.0, 2.0, -1.0, 0.5], [0.7, -0.3, 1.0, 0.2], [-0.4, 0.9, 0.1, -1.0]]
WRONG = ("layer_norm", "batch_norm", "instance_norm")


def normalized(h, eps=0.1):
    """The list ``h`` with its mean removed, divided by its deviation."""
    mean = sum(h) / len(h)
    variance = sum((value - mean) ** 2 for value in h) / len(h)
    return [(value - mean) / mpmath.sqrt(variance + eps) for value in h]


def rows(name):
    """Which entries of a 3 by 4 table one normalization takes together."""
    every = [(i, j) for i in range(3) for j in range(4)]
    if name == "batch_norm":
        return [[(i, j) for i in range(3)] for j in range(4)]
    if name == "instance_norm":
        return [[(i, j), (i, j + 1)] for i, j in every if j % 2 == 0]
    return [[(i, j) for j in range(4)] for i in range(3)]


def y(name, x):
    """The function of layers.py."""
    total = mpmath.mpf(0)
    for entries in rows(name):
        h = [mpmath.sin(A[i][j] * x) + A[i][j] ** 2 * x**2 for i, j in entries]
        if name == "batch_norm_eval":
            h = [value / mpmath.sqrt(1 + 1e-5) for value in h]
        elif name == "rms_norm":
            square = sum(value**2 for value in h) / len(h)
            h = [value / mpmath.sqrt(square + 0.1) for value in h]
        else:
            h = normalized(h)
        total += sum(V[i][j] * value for (i, j), value in zip(entries, h, strict=True))
    return total


def third(name):
    """The third derivative of y at 0.8, with 40 digits."""
    with mpmath.workdps(40):
        return float(mpmath.diff(lambda x: y(name, x), mpmath.mpf("0.8"), 3))


def test_layers(values):
    """GroupNorm, RMSNorm and fixed statistics are right, the others are not."""
    result = values(FOLDER + "layers.py")
    same = {
        "group_norm": "layer_norm",
        "group_per_channel": "instance_norm",
        "batch_norm_no_stats": "batch_norm",
    }
    rows = zip(result["names"], result["autograd"], result["difference"], strict=True)
    for name, autograd, difference in rows:
        true = third(same.get(name, name))
        assert difference == pytest.approx(true, rel=1e-6)
        if name in WRONG or name == "batch_norm_no_stats":
            assert autograd != pytest.approx(true, rel=0.1)
        else:
            assert autograd == pytest.approx(true, rel=1e-9)


def test_written_out(values):
    """The three normalizations from primitives have the right third derivative."""
    result = values(FOLDER + "normalize.py")
    for name in WRONG:
        assert result["as_" + name] == pytest.approx(third(name), rel=1e-9)


def residual(w):
    """(u_xx - 1)^2 at x = 0.5, with 40 digits."""

    def u(x):
        h = normalized([mpmath.tanh(value * x) for value in w])
        return h[0] + 2 * h[1] + 4 * h[2]

    return (mpmath.diff(u, mpmath.mpf("0.5"), 2) - 1) ** 2


def test_gradient_of_the_residual(values):
    """The gradient of the residual with respect to each weight, by central differences."""
    with mpmath.workdps(60):
        w = [mpmath.mpf(1), mpmath.mpf(2), mpmath.mpf(-1)]
        h = mpmath.mpf(10) ** -8
        true = []
        for k in range(3):
            up, down = list(w), list(w)
            up[k], down[k] = w[k] + h, w[k] - h
            true.append(float((residual(up) - residual(down)) / (2 * h)))
        value = float(residual(w))
    assert values(FOLDER + "primitives.py")["dR_dw"] == pytest.approx(true, rel=1e-9)
    wrong = values(FOLDER + "layer_norm.py")
    assert wrong["R"] == pytest.approx(value, rel=1e-9)
    for number, right in zip(wrong["dR_dw"], true, strict=True):
        assert number != pytest.approx(right, rel=0.1)


def test_orders(values):
    """The first two derivatives are right, the third is not."""
    result = values(FOLDER + "orders.py")

    def u(x):
        h = normalized([x, x**2, mpmath.mpf(1)])
        return h[0] + 2 * h[1] + 4 * h[2]

    with mpmath.workdps(40):
        true = [float(mpmath.diff(u, mpmath.mpf("0.5"), k)) for k in (1, 2, 3)]
    assert result["difference"] == pytest.approx(true, rel=1e-6)
    assert result["autograd"][:2] == pytest.approx(true[:2], rel=1e-9)
    assert result["autograd"][2] != pytest.approx(true[2], rel=0.1)


def test_curve(values):
    """Through GroupNorm it is right everywhere, through LayerNorm hardly anywhere."""
    found, x = values(FOLDER + "curve.py"), [k / 20 for k in range(-40, 41)]
    assert found["x"] == pytest.approx(x)

    def u(x):
        h = normalized([x, x**2, mpmath.mpf(1)])
        return h[0] + 2 * h[1] + 4 * h[2]

    with mpmath.workdps(40):
        true = [float(mpmath.diff(u, mpmath.mpf(k) / 20, 3)) for k in range(-40, 41)]
    assert found["by_group"] == pytest.approx(true, rel=1e-9)
    assert found["by_layer"][50] == values(FOLDER + "orders.py")["autograd"][2]
    pairs = zip(found["by_layer"], true, strict=True)
    assert sum(abs(wrong - right) > abs(right) / 10 for wrong, right in pairs) > 60
    assert (found["wrong"], found["right"]) == (found["by_layer"][20], found["by_group"][20])


def test_training_step(values):
    """The slope of mean (u_xx + sin x)^2 in the first layer, by differences of closed forms."""
    torch.manual_seed(0)
    first, last = torch.nn.Linear(1, 16), torch.nn.Linear(16, 1)
    a, b, c = (p.detach().double().numpy() for p in (first.weight, first.bias, last.weight))
    x = np.linspace(-1, 1, 32)

    def loss(a):
        h0, h1 = a[:, 0] * 0 + b, a[:, 0]  # h = h0 + h1 x
        h0, h1 = h0 - h0.mean(), h1 - h1.mean()
        h = h0 + h1 * x[:, None]
        v = (h**2).mean(1, keepdims=True) + 1e-5
        v1, v2 = 2 * (h * h1).mean(1, keepdims=True), 2 * (h1**2).mean()
        n = h * v**-0.5
        n1 = h1 * v**-0.5 - h * v**-1.5 * v1 / 2
        n2 = -h1 * v**-1.5 * v1 + h * (3 / 4 * v**-2.5 * v1**2 - v**-1.5 * v2 / 2)
        t = np.tanh(n)
        bend = (1 - t**2) * n2 - 2 * t * (1 - t**2) * n1**2
        return np.mean(((bend * c[0]).sum(1) + np.sin(x)) ** 2)

    moves = 1e-6 * np.eye(16)[:, :, None]
    true = np.linalg.norm([(loss(a + m) - loss(a - m)) / 2e-6 for m in moves])
    right, wrong = values(FOLDER + "pinn_right.py"), values(FOLDER + "pinn.py")
    assert right["loss"] == pytest.approx(loss(a), rel=1e-9)
    assert wrong["loss"] == pytest.approx(loss(a), rel=1e-9)
    assert right["slope"] == pytest.approx(true, abs=6e-4)
    assert wrong["slope"] != pytest.approx(true, rel=0.1)


def test_check_of_the_gradient(values):
    """Given the gradient, gradgradcheck finds what it misses in the layer itself."""
    assert values(FOLDER + "notice.py")["answers"] == [
        [True, False],
        [True, False],
        [True, True],
    ]


def test_smooth_layers():
    """The layers written out compute what PyTorch's do, statistics included, in both modes."""
    found = runpy.run_path(SNIPPETS / FOLDER / "tried.py")
    torch.manual_seed(0)
    for plain, shape in (
        (torch.nn.LayerNorm(4), (3, 5, 4)),
        (torch.nn.BatchNorm1d(4), (3, 4)),
        (torch.nn.BatchNorm1d(4, affine=False, track_running_stats=False), (3, 4, 5)),
        (torch.nn.BatchNorm2d(4), (3, 4, 5, 5)),
    ):
        for parameter in plain.parameters():
            torch.nn.init.uniform_(parameter)
        smooth, x = copy.deepcopy(plain), torch.randn(shape)
        found["smooth"](smooth)
        assert type(smooth) is not type(plain)
        for training in (True, False):
            want, got = plain.train(training)(x), smooth.train(training)(x)
            assert torch.allclose(want, got, atol=1e-5)
        for name, buffer in plain.named_buffers():
            assert torch.equal(buffer, smooth.get_buffer(name)), name
