"""Oracles for docs/pitfalls/special-points.md: SymPy and mpmath, never autograd."""

import itertools
import math
import re

import mpmath
import numpy
import pytest
import sympy
import torch

FOLDER = "pitfalls/special_points/"
X = sympy.Symbol("x", positive=True)
Y = sympy.Symbol("y")


def test_sinc(values):
    """The second derivative of sin(pi x) / (pi x) at zero is -pi^2 / 3."""
    x = sympy.Symbol("x")
    z = sympy.pi * x
    true = sympy.limit((sympy.sin(z) / z).diff(x, 2), x, 0)
    assert true == -(sympy.pi**2) / 3
    assert values(FOLDER + "sinc_right.py")["second"] == pytest.approx(float(true), abs=1e-2)
    wrong = values(FOLDER + "sinc.py")
    assert wrong["first"] == 0.0 and math.isnan(float(wrong["second"]))


def test_power(values):
    """Both mixed derivatives of x^y at (2, 0) are 0.5."""
    u, point = X**Y, {X: 2, Y: 0}
    true = float(u.diff(X, Y).subs(point))
    assert true == float(u.diff(Y, X).subs(point)) == 0.5
    right, wrong = values(FOLDER + "power_right.py"), values(FOLDER + "power.py")
    assert right["u_xy"] == right["u_yx"] == wrong["u_yx"] == true
    assert wrong["u_xy"] != true


def test_logaddexp(values):
    """The second derivative of log(e^a + e^1000) at a = 0 is less than 1e-400."""
    with mpmath.workdps(900):
        s = 1 / (1 + mpmath.exp(1000))
        assert 0 < s * (1 - s) < mpmath.mpf(10) ** -400
        true = float(s * (1 - s))
    assert values(FOLDER + "logaddexp_right.py")["second"] == pytest.approx(true, abs=1e-12)
    assert math.isnan(float(values(FOLDER + "logaddexp.py")["second"]))


def test_norm(values):
    """The second derivative of (x^2 + y^2)^2 at zero is zero."""
    x = sympy.Symbol("x")
    true = float(((x**2 + Y**2) ** 2).diff(x, 2).subs({x: 0, Y: 0}))
    assert values(FOLDER + "norm_right.py")["second"] == true
    assert math.isnan(float(values(FOLDER + "norm.py")["second"]))


def truths():
    """The derivatives of the table, by name."""
    x = sympy.Symbol("x")
    with mpmath.workdps(30):
        i1 = float(mpmath.diff(lambda t: mpmath.besseli(1, t), 0, 3))
        i0 = float(mpmath.diff(lambda t: mpmath.besseli(0, t), 0, 4))
    return {
        "Bessel function I1": i1,
        "Bessel function I0": i0,
        "abs of complex, squared": float((x**2 + x**2).diff(x, 2)),
        "zero to the power y": 0.0,
        "det of zeros": float(sympy.diag(x, x).det().diff(x, 2)),
        "equal eigenvalues": float((x**2 + (2 * x) ** 2).diff(x, 2)),
        "logcumsumexp": float((x + x + sympy.log(2)).diff(x, 3)),
    }


def test_table(values):
    """Each entry is wrong, and each formula that replaces one is right."""
    true = truths()
    wrong, right = values(FOLDER + "table.py"), values(FOLDER + "table_right.py")
    assert set(wrong["names"]) == set(true)
    for name, found in zip(wrong["names"], wrong["found"], strict=True):
        assert float(found) != pytest.approx(true[name], abs=0.1)
    assert set(right["names"]) == set(true)
    for name, found in zip(right["names"], right["found"], strict=True):
        assert found == pytest.approx(true[name], rel=1e-9, abs=1e-12)


def test_near_zero(values):
    """In float32 the series is right everywhere; torch.sinc from 0.001 on, and zero far below."""
    found, z = values(FOLDER + "near.py"), sympy.Symbol("z")
    true = sympy.lambdify(z, (sympy.sin(sympy.pi * z) / (sympy.pi * z)).diff(z, 2), "mpmath")
    x = [10 ** (k / 8) for k in range(-48, 1)]
    assert found["x"] == pytest.approx(x, rel=1e-6)
    with mpmath.workdps(60):
        second = [float(true(mpmath.mpf(value))) for value in x]
    assert found["series"] == pytest.approx(second, abs=1e-5)
    assert found["limit"] == pytest.approx(-(math.pi**2) / 3, rel=1e-6)
    assert found["library"][24:] == pytest.approx(second[24:], abs=0.2)
    assert found["library"][32:] == pytest.approx(second[32:], abs=5e-3)
    assert found["library"][:9] == [0] * 9
    assert max(map(abs, found["library"][:24])) > 5


def test_padding(values):
    """One sample of zeros makes the whole gradient nan, and the series does not."""
    wrong, right = values(FOLDER + "step.py"), values(FOLDER + "step_right.py")
    assert (wrong["finite"], right["finite"]) == (False, True)
    assert wrong["loss"] == pytest.approx(right["loss"], rel=1e-5)


def test_gradient_with_padding(values):
    """By differences of the loss in closed form, with the derivative of sinc written out."""
    torch.manual_seed(0)
    layers = torch.nn.Linear(2, 8, bias=False), torch.nn.Linear(8, 1)
    x = torch.randn(16, 2).double().numpy()
    x[0] = 0
    inner, outer, bias = (
        one.detach().double().numpy() for one in (layers[0].weight, *layers[1].parameters())
    )

    def slope_of_sinc(z):
        safe = numpy.where(z == 0, 1.0, z)
        return numpy.where(z == 0, 0.0, numpy.cos(numpy.pi * safe) / safe - numpy.sinc(safe) / safe)

    def loss(inner):
        z = x @ inner.T
        slope = (slope_of_sinc(z) * outer) @ inner
        return ((numpy.sinc(z) @ outer.T + bias) ** 2).mean() + (slope**2).mean()

    gradient = values(FOLDER + "step_right.py")["gradient"]
    for i, j in ((0, 0), (5, 1)):
        move = numpy.zeros_like(inner)
        move[i, j] = 1e-6
        true = (loss(inner + move) - loss(inner - move)) / 2e-6
        assert gradient[i][j] == pytest.approx(true, rel=1e-3, abs=1e-5)


def test_formulas_away_from_their_points(component):
    """Each is the function that it replaces, not only at the point of the table."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        A, x = torch.randn(2, 2, dtype=torch.float64), torch.randn(4, dtype=torch.float64)
    names = component(FOLDER + "table_right.py", "formulas", math=math)
    for n in (0, 1):
        true = float(mpmath.besseli(n, 1.3))
        assert float(names["bessel_i"](n, torch.tensor(1.3).double())) == pytest.approx(true)
    assert torch.allclose(names["determinant"](A), torch.linalg.det(A))
    assert torch.allclose(names["logcumsumexp"](x), torch.logcumsumexp(x, 0))
    assert torch.allclose(names["power"](x.abs(), x), x.abs() ** x)


def test_product_of_zeros(values):
    """The second derivatives of x y z with respect to x, at (0, 0, 3)."""
    x, y, z = sympy.symbols("x y z")
    point = {x: 0, y: 0, z: 3}
    true = [float((x * y * z).diff(x, s).subs(point)) for s in (x, y, z)]
    assert values(FOLDER + "prod.py")["second"] == true


def test_determinant_at_singular_matrices():
    """The mixed derivative of the first two diagonal entries is the third one, or `nan`."""

    def mixed(*diagonal):
        A = torch.diag(torch.tensor(diagonal)).requires_grad_()
        first = torch.autograd.grad(torch.linalg.det(A), A, create_graph=True)[0]
        return torch.autograd.grad(first[0, 0], A)[0][1, 1].item()

    assert math.isnan(mixed(1.0, 1.0, 0.0)) and math.isnan(mixed(2.0, 0.0, 0.0))
    assert mixed(2.0, 1.0, 0.0) == pytest.approx(0.0, abs=1e-6)
    assert mixed(1.0, 1.0, 1.0) == pytest.approx(1.0)


def test_determinant_at_a_rotated_singular_matrix():
    """Where rounding separates two equal singular values, it is wrong without `nan`.

    The second derivative of det by A_ij and A_kl is sum e_ika e_jlb A_ab.
    """
    e = torch.zeros(3, 3, 3, dtype=torch.float64)
    for i, j, k in itertools.permutations(range(3)):
        e[i, j, k] = float(sympy.LeviCivita(i, j, k))

    def error(diagonal, seed):
        torch.manual_seed(seed)
        left, right = (torch.linalg.qr(torch.randn(3, 3).double())[0] for _ in range(2))
        A = (left @ torch.diag(torch.tensor(diagonal).double()) @ right).requires_grad_()
        first = torch.autograd.grad(torch.linalg.det(A), A, create_graph=True)[0]
        rows = [torch.autograd.grad(d, A, retain_graph=True)[0] for d in first.flatten()]
        found = torch.stack(rows).reshape(3, 3, 3, 3)
        truth = torch.einsum("ika,jlb,ab->ijkl", e, e, A.detach())
        return ((found - truth).abs().max() / truth.abs().max()).item()

    equal = [error((1.0, 1.0, 0.0), seed) for seed in range(20)]
    assert max(one for one in equal if not math.isnan(one)) > 0.05
    assert max(error((3.0, 1.0, 0.0), seed) for seed in range(20)) < 1e-8


#: Number type -> the errors that it leaves in sinc and its first two derivatives.
ERRORS = {
    torch.float64: (1e-14, 1e-13, 1e-12),
    torch.float32: (1e-6, 1e-5, 1e-4),
    torch.bfloat16: (1e-2, 3e-2, 2e-1),
    torch.float16: (2e-3, 5e-3, 5e-2),
}


@pytest.mark.parametrize("dtype", ERRORS)
@pytest.mark.parametrize("name", ["sinc_right", "step_right", "near", "tried"])
def test_series_of_sinc(report, name, dtype):
    """Each snippet's sinc is right in each number type, at zero, near it, and far away."""
    text = report.verdicts[FOLDER + name + ".py"].snippet.text
    found = {"torch": torch, "math": math}
    exec(re.search(r"def sinc.*?return [^\n]*", text, re.DOTALL)[0], found)
    x = [*numpy.linspace(-1, 1, 201), 0.3183, 0.3184, 1.5, 3.0, 6.0, 500.0]
    at = torch.tensor(x, dtype=torch.float64).to(dtype).requires_grad_()
    value = found["sinc"](at)
    first = torch.autograd.grad(value.sum(), at, create_graph=True)[0]
    second = torch.autograd.grad(first.sum(), at)[0]
    with mpmath.workdps(30):
        sinc = lambda v: mpmath.sinc(mpmath.pi * v)  # noqa: E731
        for order, ours in enumerate((value, first, second)):
            true = [float(mpmath.diff(sinc, mpmath.mpf(v), order)) for v in at.tolist()]
            assert ours.tolist() == pytest.approx(true, abs=ERRORS[dtype][order]), order
