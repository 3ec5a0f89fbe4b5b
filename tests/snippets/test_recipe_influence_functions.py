"""Oracles for influence functions: SymPy, refits by NumPy, and fits by scikit-learn."""

import numpy as np
import pytest
import sympy
import torch
from scipy.sparse.linalg import LinearOperator, cg
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import scale

RECIPE = "recipes/influence_functions.py"
FOLDER = "recipes/influence_functions"
EXACT = 1e-12


@pytest.fixture(scope="module")
def three_samples():
    """dV/ds of the one-weight model, by SymPy from the closed form of the minimum."""
    s = sympy.symbols("s:3")
    half = sympy.Rational(1, 2)
    x, y = [-1, half, 2], [-3 * half, 1, 3 * half]
    w = sum(s_i * x_i * y_i for s_i, x_i, y_i in zip(s, x, y, strict=True)) / (
        sum(s_i * x_i**2 for s_i, x_i in zip(s, x, strict=True)) + 1
    )
    V = (2 * w - 1) ** 2 / 2
    return [float(V.diff(s_i).subs(dict.fromkeys(s, 1))) for s_i in s]


def test_three_samples(values, three_samples):
    """With create_graph it is the derivative; the shortcuts are not, and without it raises."""
    assert values(f"{FOLDER}/kept.py")["dV_ds"] == pytest.approx(three_samples, rel=EXACT)
    for wrong in ("fisher", "early"):
        assert values(f"{FOLDER}/{wrong}.py")["dV_ds"] != pytest.approx(three_samples, rel=1e-1)
    signs = np.sign(values(f"{FOLDER}/early.py")["dV_ds"]) == np.sign(three_samples)
    assert signs.tolist() == [True, True, False]
    assert "does not require grad" in values(f"{FOLDER}/cut.py")["error"]


def test_derivative(values):
    """The influences are what differences of refits give; those of the Fisher matrix are not."""
    found = values(RECIPE)
    differences = found["strongest_differences"]
    assert found["strongest_slopes"] == pytest.approx(differences, rel=1e-7)
    assert found["strongest_fisher"] != pytest.approx(differences, rel=1e-1)
    assert found["fisher_error"] > 0.1
    assert found["least_wrong"] > 0.1
    assert found["influence_error"] < 1e-11


def test_refits_by_scikit_learn(values):
    """Another solver gets the same change of the test loss from leaving a sample out."""
    found = values(RECIPE)
    inputs, labels = load_breast_cancer(return_X_y=True)
    inputs = np.column_stack([scale(inputs), np.ones(len(inputs))])
    order = torch.randperm(569, generator=torch.Generator().manual_seed(0)).numpy()
    train, test = order[:300], order[300:]
    model = LogisticRegression(C=1 / 3, fit_intercept=False, solver="newton-cholesky", tol=1e-12)

    def loss(rows):
        w = model.fit(inputs[rows], labels[rows]).coef_[0]
        return np.logaddexp(0, -(2 * labels[test] - 1) * (inputs[test] @ w)).mean()

    whole = loss(train)
    for row, actual, slope in zip(
        found["strongest_rows"], found["strongest_actual"], found["strongest_slopes"], strict=True
    ):
        change = loss(np.delete(train, row)) - whole
        assert actual == pytest.approx(change, rel=1e-8)
        assert -slope != pytest.approx(change, rel=1e-3)  # a derivative is not a removal


def test_scores(values):
    """Influence keeps the order, one Newton step the sizes too, and no wrong matrix does either."""
    found = values(RECIPE)
    low, _ = found["spearman_influence"]
    assert low > 0.997
    assert found["pearson_newton"][0] > 0.997
    assert found["ratio_newton"] == pytest.approx([1, 1], abs=0.03)
    assert found["ratio_influence"] != pytest.approx([1, 1], abs=0.03)
    for wrong in ("fisher", "unpenalized", "bare", "early", "stopped"):
        assert 0 < found[f"spearman_{wrong}"][1] < 0.98
        assert found[f"pearson_{wrong}"][0] > 0
        assert found[f"pearson_{wrong}"][1] < 0.98


DTYPES = pytest.mark.parametrize("dtype", [torch.float32, torch.float64])


def influences_on(component, eigenvalues):
    """Give the page's function a quadratic loss with these eigenvalues, and its solution."""
    goals = torch.eye(len(eigenvalues), dtype=eigenvalues.dtype)

    def training_loss(w, s):
        return (s[:, None] * (eigenvalues * (w - goals) ** 2)).mean(dim=0).sum() / 2

    given = {"np": np, "LinearOperator": LinearOperator, "cg": cg, "train": range(len(goals))}
    given |= {"training_loss": training_loss, "test_loss": lambda w: w.sum()}
    return component(RECIPE, "influence", **given)["influences"]


@DTYPES
def test_influences_follow_their_inputs(component, dtype):
    """For means of goals, a weight moves the mean towards its goal: (goal - mean) / n."""
    eigenvalues = torch.tensor([1.0, 2.0, 3.0], dtype=dtype)
    found = influences_on(component, eigenvalues)(torch.full((3,), 1 / 3, dtype=dtype))
    assert found.dtype == dtype
    assert found.tolist() == pytest.approx([0, 0, 0], abs=1e-6)
    away = influences_on(component, eigenvalues)(torch.zeros(3, dtype=dtype))
    assert away.tolist() == pytest.approx([1 / 3] * 3, rel=1e-5)


@DTYPES
def test_influences_without_a_solution_raise(component, dtype):
    """Eigenvalues over twelve orders are too much for CG."""
    steep = torch.logspace(-12, 0, 30, dtype=dtype)
    with pytest.raises(RuntimeError, match="CG did not converge"):
        influences_on(component, steep)(torch.full((30,), 1 / 30, dtype=dtype))
