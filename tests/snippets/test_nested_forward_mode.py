"""Oracles for docs/pitfalls/nested-forward-mode.md: SymPy, mpmath, NumPy, never autograd."""

import mpmath
import pytest
import sympy
import torch

FOLDER = "pitfalls/nested_forward_mode/"
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


def test_determinant(values):
    """The second derivative of 3 t^2 - 1 is 6."""
    det = sympy.Matrix([[T, 1], [1, 3 * T]]).det()
    first, true = (float(sympy.diff(det, T, k).subs(T, 1)) for k in (1, 2))
    right = values(FOLDER + "det_reverse.py")
    assert (right["first"], right["second"]) == (first, true)
    for name in ("det.py", "hvp.py"):
        wrong = values(FOLDER + name)
        assert wrong["first"] == pytest.approx(first)
        assert wrong["second"] != pytest.approx(true, rel=0.1)


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
        x = [mpmath.mpf(value) for value in (0.5, -0.2, 0.1)]
        step = mpmath.mpf(10) ** -10
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


def test_curve(values):
    """Of the determinant u: twice backward gives u'', twice forward what is left, u'^2 / u."""
    found, times = values(FOLDER + "curve.py"), [k / 20 for k in range(14, 61)]
    u = sympy.Matrix([[T, 1], [1, 3 * T]]).det()
    left = u.diff(T) ** 2 / u
    assert found["times"] == pytest.approx(times)
    assert found["reverse"] == pytest.approx([float(u.diff(T, 2))] * len(times))
    assert found["twice"] == pytest.approx([float(left.subs(T, t)) for t in times])
    assert (found["high"], found["low"]) == (found["twice"][0], found["twice"][-1])
