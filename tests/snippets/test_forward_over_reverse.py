"""Oracles for docs/pitfalls/forward-over-reverse.md: SymPy, mpmath, never autograd."""

import math

import mpmath
import pytest
import sympy
import torch
from torch.nn.functional import grid_sample

FOLDER = "pitfalls/forward_over_reverse/"
X = sympy.symbols("x1:4")
T = sympy.Symbol("t")
V = [[1, 2, 4], [sympy.Rational(1, 2), -1, 1]]
WRONG = (
    "layer_norm",
    "batch_norm",
    "instance_norm",
    "linalg.det",
    "linalg.slogdet",
    "linalg.solve",
)


def test_product(values):
    """The Hessian of x1 x2 x3 at (2, 3, 5)."""
    f, point = X[0] * X[1] * X[2], dict(zip(X, (2, 3, 5), strict=True))
    true = [[float(v) for v in row] for row in sympy.hessian(f, X).subs(point).tolist()]
    assert values(FOLDER + "scatter_right.py")["hessian"] == true
    assert values(FOLDER + "scatter.py")["row"] != pytest.approx(true[0], abs=0.1)


def test_kernel(values):
    """The Hessian of exp(-x1^2 - x2^2) at zero is -2 times the identity."""
    f = sympy.exp(-(X[0] ** 2) - X[1] ** 2)
    hessian = sympy.hessian(f, X[:2]).subs({X[0]: 0, X[1]: 0})
    true = [[float(v) for v in row] for row in hessian.tolist()]
    assert values(FOLDER + "kernel_right.py")["hessian"] == true
    assert values(FOLDER + "kernel.py")["hessian"] != true


def test_determinant(values):
    """The mixed second derivative of the determinant by both diagonal entries is 1."""
    a, b, c, d = sympy.symbols("a b c d")
    true = float(sympy.Matrix([[a, b], [c, d]]).det().diff(a, d))
    assert values(FOLDER + "det_right.py")["mixed"] == true
    assert math.isnan(float(values(FOLDER + "det.py")["mixed"]))


def test_squared_error(values):
    """The Hessian of the mean squared error times the vector (1, -1)."""
    w = X[:2]
    f = ((w[0] ** 2 - 1) ** 2 + (w[1] ** 2 - 3) ** 2) / 2
    hessian = sympy.hessian(f, w).subs({w[0]: 1, w[1]: 2})
    assert [hessian[0, 0], hessian[1, 1]] == [4, 18]
    true = [float(v) for v in hessian * sympy.Matrix([1, -1])]
    assert values(FOLDER + "mse_right.py")["Hv"] == true
    assert "ZeroTensors" in values(FOLDER + "mse.py")["error"]


def normalized(groups):
    """The weighted sum of a table that is normalized in groups of (weight, entry)."""
    total = 0
    for group in groups:
        mean = sum(h for _, h in group) / len(group)
        variance = sum((h - mean) ** 2 for _, h in group) / len(group)
        deviation = sympy.sqrt(variance + sympy.Rational(1, 10))
        total += sum(v * (h - mean) / deviation for v, h in group)
    return total


def functions():
    """The functions of table.py, by name."""
    h = [[T, T**2, 1], [T**3, 2 - T, 3 * T]]
    m = sympy.Matrix([[T + 2, T**2], [1, 2 * T + 3]])
    rows = [[(V[i][j], h[i][j]) for j in range(3)] for i in range(2)]
    columns = [[(V[i][j], h[i][j]) for i in range(2)] for j in range(3)]
    by_row = normalized(rows)
    return {
        "layer_norm": by_row,
        "batch_norm": normalized(columns),
        "instance_norm": by_row,
        "group_norm": by_row,
        "linalg.det": m.det(),
        "linalg.slogdet": sympy.log(m.det()),
        "linalg.solve": sum(m.inv() * sympy.Matrix([1, 2])),
        "linalg.inv": sum(m.inv()),
    }


def test_table(values):
    """With grad inside every row is right, with jvp inside six of them are not."""
    table, f = values(FOLDER + "table.py"), functions()
    for name, row in zip(table["names"], table["rows"], strict=True):
        true = float(sympy.diff(f[name], T, 2).subs(T, sympy.Rational(7, 10)))
        *forward, over_reverse, reverse, difference = row
        assert [over_reverse, reverse] == pytest.approx([true] * 2, rel=1e-9)
        assert difference == pytest.approx(true, rel=1e-4)
        for value in forward:
            if name in WRONG:
                assert value != pytest.approx(true, rel=0.1)
            else:
                assert value == pytest.approx(true, rel=1e-9)


def test_laplacian(values):
    """The Laplacian of the network, by central differences of 40 digits."""
    torch.manual_seed(0)
    first, last = torch.nn.Linear(3, 8), torch.nn.Linear(8, 1)
    W, b = first.weight.tolist(), first.bias.tolist()
    w = last.weight[0].tolist()

    def u(x):
        sums = [sum(a * c for a, c in zip(row, x, strict=True)) for row in W]
        h = [mpmath.tanh(value + c) for value, c in zip(sums, b, strict=True)]
        mean = sum(h) / 8
        deviation = mpmath.sqrt(sum((value - mean) ** 2 for value in h) / 8 + 1e-5)
        return sum(a * (value - mean) / deviation for a, value in zip(w, h, strict=True))

    with mpmath.workdps(40):
        x, step = [mpmath.mpf(value) for value in (0.5, -0.2, 0.1)], mpmath.mpf(10) ** -10
        true = 0
        for k in range(3):
            up, down = list(x), list(x)
            up[k], down[k] = x[k] + step, x[k] - step
            true += (u(up) - 2 * u(x) + u(down)) / step**2
        true = float(true)
    assert values(FOLDER + "laplacian_right.py")["laplacian"] == pytest.approx(true, rel=1e-9)
    assert values(FOLDER + "laplacian.py")["laplacian"] != pytest.approx(true, rel=0.1)


def test_fourth_power(values):
    """The second derivative of x^4 at 3 is 108."""
    true = float(sympy.diff(T**4, T, 2).subs(T, 3))
    assert values(FOLDER + "custom_right.py")["second"] == true
    assert values(FOLDER + "custom.py")["second"] != true


def test_who_notices(values):
    """The checks see a wrong forward formula if they are asked to look at forward mode."""
    found = values(FOLDER + "notice.py")
    assert found["reverse"] is found["twice"] is True
    assert found["forward"] is found["over"] is False


@pytest.mark.parametrize(
    ("name", "function"),
    [
        ("grid_sampler_2d", lambda x: grid_sample(x, x.permute(0, 2, 3, 1), align_corners=False)),
        ("_weight_norm_interface", lambda x: torch._weight_norm(x, x[:, :1, :1, :1], 0)),
        ("_euclidean_dist", lambda x: torch.cdist(x, 1 - x, compute_mode="use_mm_for_euclid_dist")),
    ],
)
def test_what_has_no_forward_mode(name, function):
    """Forward over reverse raises, and reverse mode twice is two calls of autograd.grad."""
    torch.manual_seed(0)
    x, v = torch.rand(2, 2, 2, 3, 3, dtype=torch.float64)

    def loss(x):
        return function(x).pow(3).sum()

    with pytest.raises(NotImplementedError, match=f"forward AD with {name} that"):
        torch.func.jvp(torch.func.grad(loss), (x,), (v,))
    twice = torch.func.grad(lambda x: (torch.func.grad(loss)(x) * v).sum())(x)
    at = x.clone().requires_grad_()
    first = torch.autograd.grad(loss(at), at, create_graph=True)[0]
    assert torch.allclose(twice, torch.autograd.grad((first * v).sum(), at)[0])
