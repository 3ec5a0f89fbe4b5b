"""Oracles for implicit differentiation: SymPy, closed forms, central differences."""

import numpy as np
import pytest
import sympy

RECIPE = "recipes/implicit_differentiation.py"
FOLDER = "recipes/implicit_differentiation"
EXACT = 1e-12


def test_ten_penalties(values):
    """The theorem and the unrolled training give the gradient that differences of fits give."""
    found = values(RECIPE)
    differences = found["exact_by_differences"]
    assert found["exact_penalties"] == pytest.approx(differences, rel=1e-7, abs=1e-10)
    assert found["by_theorem_penalties"] == pytest.approx(found["exact_penalties"], rel=EXACT)
    assert found["unrolled_penalties"] == pytest.approx(found["exact_penalties"], rel=EXACT)
    assert found["shortcut_penalties"] != pytest.approx(differences, rel=1e-1, abs=1e-10)


def test_stopping_early(values):
    """Both errors fall with each count, and from the same weights the theorem's is lower."""
    found = values(RECIPE)
    by_theorem, by_unrolling = found["by_theorem"], found["by_unrolling"]
    assert all(
        theorem < unrolled for theorem, unrolled in zip(by_theorem, by_unrolling, strict=True)
    )
    for errors in (by_theorem, by_unrolling):
        assert errors == sorted(errors, reverse=True)
    assert found["by_products"][4] > 1e-3
    assert max(found["by_products"][10:]) < 1e-13


@pytest.fixture(scope="module")
def one_penalty():
    """dV/drho of the one-weight ridge regression, by SymPy."""
    rho = sympy.symbols("rho")
    half = sympy.Rational(1, 2)
    pairs = [(-1, -3 * half), (half, 1), (2, 3 * half)]
    w = sum(x * y for x, y in pairs) / (sum(x * x for x, _ in pairs) + sympy.exp(rho))
    V = sum((w * x - y) ** 2 for x, y in [(-2, -1), (1, 1)]) / 2
    return float(V.diff(rho).subs(rho, 0))


def test_one_penalty(values, one_penalty):
    """With create_graph both ways agree; without, one raises and one leaves no gradient."""
    rel = 1e-5  # the snippets compute in float32
    assert values(f"{FOLDER}/kept.py")["dV_drho"] == pytest.approx(one_penalty, rel=rel)
    assert values(f"{FOLDER}/unrolled_kept.py")["dV_drho"] == pytest.approx(one_penalty, rel=rel)
    assert values(f"{FOLDER}/unrolled_cut.py")["dV_drho"] is None
    assert "does not require grad" in values(f"{FOLDER}/cut.py")["error"]


def slopes(h, eta, K):
    """Slope in the learning rate of the loss after K steps, and the one with constant gradients."""
    w, moved, right, wrong = [1] * len(h), [0] * len(h), 0, 0
    gradient_sum = [0] * len(h)
    for _ in range(K):
        gradient_sum = [s + h_i * w_i for s, h_i, w_i in zip(gradient_sum, h, w, strict=True)]
        moved = [m * (1 - eta * h_i) - h_i * w_i for m, h_i, w_i in zip(moved, h, w, strict=True)]
        w = [w_i * (1 - eta * h_i) for h_i, w_i in zip(h, w, strict=True)]
    right = sum(h_i * w_i * m for h_i, w_i, m in zip(h, w, moved, strict=True))
    wrong = -sum(h_i * w_i * s for h_i, w_i, s in zip(h, w, gradient_sum, strict=True))
    return float(right), float(wrong)


def test_slope_in_the_learning_rate(values):
    """By rational numbers, the slope is the kept one, and the cut one has the other sign."""
    right, wrong = slopes([1, 10], sympy.Rational(17, 100), 4)
    cut = values(f"{FOLDER}/rate_cut.py")["dloss_deta"]
    assert values(f"{FOLDER}/rate_kept.py")["dloss_deta"] == pytest.approx(right, rel=EXACT)
    assert cut == pytest.approx(wrong, rel=EXACT)
    assert cut != pytest.approx(right, rel=1e-1)
    assert right > 0 > cut


def test_closed_forms_of_the_bowl(values):
    """The formulas on the page are those of the recursion, and autograd agrees with both."""
    found = values(RECIPE)
    for K in (4, 5):
        eta = sympy.Rational(17, 100)
        right, wrong = slopes([1, 2, 4, 10], eta, K)
        r = [1 - eta * h for h in (1, 2, 4, 10)]
        pairs = list(zip((1, 2, 4, 10), r, strict=True))
        assert float(-K * sum(h**2 * r ** (2 * K - 1) for h, r in pairs)) == pytest.approx(right)
        assert float(-sum(h * r**K * (1 - r**K) for h, r in pairs) / eta) == pytest.approx(wrong)
    assert found["kept_error"] < 1e-14
    assert found["cut_error"] < 1e-14


def test_learned_rates(values):
    """The right gradient ends at the minimum; the cut one near it for five steps, not for four."""
    found = values(RECIPE)
    etas = np.linspace(0.001, 0.21, 20001)

    def loss(eta, K):
        return sum(h * (1 - eta * h) ** (2 * K) for h in (1, 2, 4, 10)) / 2

    def is_best(eta, K, within):
        return abs(loss(eta, K) / loss(etas, K).min() - 1) < within

    assert is_best(found["eta_four"], 4, 1e-6)
    assert is_best(found["eta_five"], 5, 1e-6)
    assert not is_best(found["eta_five_cut"], 5, 1e-6)
    assert is_best(found["eta_five_cut"], 5, 1e-2)
    assert not is_best(found["eta_four_cut"], 4, 10)
    assert found["loss_four_cut"] > found["loss_first"]


@pytest.fixture(scope="module")
def equilibrium():
    """d(slope^2)/dw of z = tanh(w z + x) by SymPy: implicit derivatives, at w = 1/2, x = 3/10."""
    w, x, z = sympy.symbols("w x z")
    residual = sympy.tanh(w * z + x) - z
    dz_dx = -residual.diff(x) / residual.diff(z)
    dz_dw = -residual.diff(w) / residual.diff(z)
    P = dz_dx**2
    total = P.diff(w) + P.diff(z) * dz_dw
    at = {w: sympy.Rational(1, 2), x: sympy.Rational(3, 10)}
    root = sympy.nsolve(residual.subs(at), z, 0.5, prec=30)
    return float(dz_dx.subs(at).subs(z, root)), float(total.subs(at).subs(z, root))


def test_second_derivative_of_an_equilibrium(values, equilibrium):
    """All have the slope; only two steps have the derivative of its square."""
    slope, derivative = equilibrium
    for name in ("twice", "once", "hook"):
        assert values(f"{FOLDER}/{name}.py")["slope"] == pytest.approx(slope, rel=EXACT)
    assert values(f"{FOLDER}/twice.py")["dP_dw"] == pytest.approx(derivative, rel=EXACT)
    for wrong in ("once", "hook"):
        assert values(f"{FOLDER}/{wrong}.py")["dP_dw"] != pytest.approx(derivative, rel=1)


def test_penalty_on_the_equilibrium_layer(values):
    """Two steps have the slope of a central difference in NumPy, and a third changes nothing."""
    found = values(RECIPE)
    assert found["slope_two"] == pytest.approx(found["slope_difference"], rel=1e-8)
    assert found["slope_one"] != pytest.approx(found["slope_difference"], rel=1e-1)
    assert found["third_changes"] < 1e-14


def test_fitted_penalties(values):
    """Ten penalties fit the validation rows of each split better than one."""
    found = values(RECIPE)
    assert found["won_validation"] == 10
    assert found["ten_validation"] < found["one_validation"]
