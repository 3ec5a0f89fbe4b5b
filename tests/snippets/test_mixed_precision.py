"""Oracles for docs/pitfalls/mixed-precision.md: closed forms and NumPy, never autograd."""

import numpy as np
import pytest
import sympy
import torch

FOLDER = "pitfalls/mixed_precision/"


def gradient(scale):
    """SymPy's gradient of w^3 + (scale * 3 w^2)^2 at 1 and 2."""
    w = sympy.symbols("w")
    total = w**3 + (scale * sympy.diff(w**3, w)) ** 2
    return [float(sympy.diff(total, w).subs(w, value)) for value in (1, 2)]


def test_scale(values):
    """The scale enters the penalty squared, unless the inner gradient is unscaled."""
    right, wrong = values(FOLDER + "unscaled.py"), values(FOLDER + "scaled.py")
    assert right["penalty"] == 3**2 + 12**2
    assert right["dL_dw"] == gradient(1) == [39.0, 300.0]
    assert wrong["dL_dw"] == pytest.approx(gradient(1024), rel=1e-6)
    assert wrong["penalty"] == 1024**2 * right["penalty"]


def test_square_in_half_precision(values):
    """NumPy's float16 loses the square as well, and float32 does not."""
    assert np.float16(1e-4) ** 2 == 0
    g = np.full(1000, np.float16(1e-4)).astype(np.float64)
    length = np.sqrt((g**2).sum())
    right, wrong = values(FOLDER + "float_square.py"), values(FOLDER + "half_square.py")
    assert right["length"] == pytest.approx(length, rel=1e-5)
    assert right["dP_dw"] == pytest.approx(2 * (length - 1) * g[0] / length, rel=1e-3)
    assert wrong["length"] == 0
    assert not np.isfinite(float(wrong["dP_dw"]))


def test_small_gradient(values):
    """The gradient 2^-25 is not a float16 number; 1024 times that is one."""
    true = 2 * 2.0**-13 * 2.0**-13
    assert true == 2.0**-25 and np.float16(true) == 0
    assert np.float16(true * 1024) / 1024 == true
    assert values(FOLDER + "inner_scaled.py")["g"] == true
    assert values(FOLDER + "inner_underflow.py")["g"] == 0


def test_autocast(values):
    """Finite differences of the closed form: float32 is exact, bfloat16 right to two percent."""
    torch.manual_seed(0)
    net = torch.nn.Sequential(torch.nn.Linear(4, 16), torch.nn.Tanh(), torch.nn.Linear(16, 1))
    x = torch.randn(8, 4).double().numpy()
    W, b, v, _ = (p.detach().double().numpy() for p in net.parameters())

    def P(W):
        g = (v * (1 - np.tanh(x @ W.T + b) ** 2)) @ W
        return np.mean((np.linalg.norm(g, axis=1) - 1) ** 2)

    true = np.zeros_like(W)
    for index in np.ndindex(W.shape):
        move = np.zeros_like(W)
        move[index] = 1e-6
        true[index] = (P(W + move) - P(W - move)) / 2e-6
    found = values(FOLDER + "autocast.py")
    error = np.linalg.norm(np.array(found["dP_dw"]) - true) / np.linalg.norm(true)
    assert error == pytest.approx(found["error"], rel=1e-3)
    assert 1e-4 < error < 0.02
    assert found["P"] == pytest.approx(P(W), rel=0.02)


def test_product_in_bfloat16(values):
    """256^2 + 1 needs 17 bits, and bfloat16 has 8."""
    found = values(FOLDER + "inside.py")
    assert found["squares"] == 256**2 + 1
    assert found["product"] == [[256**2]]


def test_sizes(values):
    """NumPy's float16: infinite where the square is zero, zero where the sum is infinite."""
    found, sizes = values(FOLDER + "sizes.py"), [10 ** (k / 8) for k in range(-40, 17)]
    assert found["sizes"] == sizes
    assert found["single"] == pytest.approx([1] * len(sizes), rel=1e-3)
    size = 1000  # of w
    with np.errstate(all="ignore"):
        for entry, half in zip(sizes, found["half"], strict=True):
            g = np.float16(entry)
            square = np.float16(size * np.float64(g * g))
            true = g / np.sqrt(np.float64(square) / size)
            assert float(half) == pytest.approx(true, rel=5e-3)


def test_training_step(values):
    """Scaled by 1024 the slopes are 1024 times too long; unscaled they have their own length."""
    right, wrong = values(FOLDER + "amp_right.py"), values(FOLDER + "amp.py")
    exact = np.array(right["exact"])
    assert right["exact_penalty"] == pytest.approx(np.mean((exact - 1) ** 2), rel=1e-5)
    assert right["penalty"] == pytest.approx(right["exact_penalty"], rel=0.05)
    assert wrong["penalty"] == pytest.approx(np.mean((1024 * exact - 1) ** 2), rel=0.05)
    assert right["agrees"] is True and wrong["agrees"] is False


def test_scale_of_each_order(values):
    """The second derivative of 2^-26 x^2 is 2^-25, and zero unless each pass is scaled."""
    found = values(FOLDER + "orders.py")
    assert (found["plain"], found["once"], found["twice"]) == (0, 0, 2 * 2.0**-26 * 2**25)


def test_backward_inside_the_block(values):
    """The slopes of the closed form: float32 outside of autocast, bfloat16 inside."""
    torch.manual_seed(0)
    first, last = torch.nn.Linear(4, 64), torch.nn.Linear(64, 1)
    a, b, c = (p.detach().double().numpy() for p in (first.weight, first.bias, last.weight))
    x = torch.randn(8, 4).double().numpy()
    true = ((1 - np.tanh(x @ a.T + b) ** 2) * c[0]) @ a
    found = values(FOLDER + "block.py")
    assert np.array(found["outside"]) == pytest.approx(true, abs=1e-6)
    off = np.linalg.norm(np.array(found["inside"]) - true) / np.linalg.norm(true)
    assert 1e-4 < off < 0.02


def test_rows_under_autocast(values):
    """Differences of LayerNorm between two linear layers give the Jacobian of each sample."""
    torch.manual_seed(0)
    first, last = torch.nn.Linear(4, 8), torch.nn.Linear(8, 2)
    a, b, c = (p.detach().double().numpy() for p in (first.weight, first.bias, last.weight))
    x = torch.randn(3, 4).double().numpy()

    def net(x):
        h = x @ a.T + b
        h = h - h.mean(1, keepdims=True)
        return h / np.sqrt((h**2).mean(1, keepdims=True) + 1e-5) @ c.T

    moves = 1e-6 * np.eye(4)
    true = np.stack([(net(x + move) - net(x - move)) / 2e-6 for move in moves], axis=2)
    found = values(FOLDER + "rows_right.py")
    assert np.array(found["exact"]) == pytest.approx(true, abs=1e-5)
    assert found["rough"] is True and found["same"] is True
    assert "BFloat16" in values(FOLDER + "rows.py")["error"]
