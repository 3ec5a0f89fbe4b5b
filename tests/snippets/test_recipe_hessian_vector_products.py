"""Oracles for Hessian-vector products: closed forms in NumPy and SciPy, and differences."""

import numpy as np
import pytest
from scipy.optimize import rosen_der, rosen_hess_prod

RECIPE = "recipes/hessian_vector_products.py"
X = np.array([[1, 2], [-1, 0.5], [0.3, -2]])
Y, W = np.array([1, -1, 1]), np.array([0.5, -1])


@pytest.fixture
def logistic():
    """The gradient and the Hessian of the logistic loss, in closed form."""
    p = 1 / (1 + np.exp(Y * (X @ W)))
    return -(X.T @ (Y * p)) / 3, (X.T * (p * (1 - p))) @ X / 3


def test_product(values, logistic):
    """Two gradients give the product with the closed form's Hessian; one alone raises."""
    _, hessian = logistic
    found = values("recipes/hessian_vector_products/kept.py")
    assert found["Hv"] == pytest.approx(hessian @ [1, 3], rel=1e-14)
    assert found["loss"] == pytest.approx(np.log1p(np.exp(-Y * (X @ W))).mean())
    error = values("recipes/hessian_vector_products/cut.py")["error"]
    assert "does not require grad" in error


def test_product_with_the_gradient(values, logistic):
    """A vector that is the gradient must be a constant, or the product is doubled."""
    gradient, hessian = logistic
    right = values("recipes/hessian_vector_products/along_gradient.py")["Hv"]
    wrong = values("recipes/hessian_vector_products/along_gradient_twice.py")["Hv"]
    assert right == pytest.approx(hessian @ gradient, rel=1e-14)
    assert wrong != pytest.approx(hessian @ gradient, rel=1e-1)
    assert wrong == pytest.approx(2 * hessian @ gradient, rel=1e-14)


def test_scipys_product_is_right():
    """The oracle itself: SciPy's product is the central difference of SciPy's gradient."""
    x, v = np.linspace(-1, 1, 50), np.cos(np.arange(50))
    difference = (rosen_der(x + 1e-5 * v) - rosen_der(x - 1e-5 * v)) / 2e-5
    assert rosen_hess_prod(x, v) == pytest.approx(difference, rel=1e-6, abs=1e-6)


def test_rosenbrock(values):
    """Both ways are exact, and no difference of gradients is."""
    found = values(RECIPE)
    assert found["reverse_error"] < 1e-15
    assert found["forward_error"] < 1e-15
    assert found["best_central"] > 1e-12
    assert found["best_one_sided"] > 1e-9


def test_errors_of_the_differences(values):
    """Taylor's series of the gradient ends with its third term, so the rest is rounding."""
    found = values(RECIPE)
    x, v = np.array(found["x"]), np.array(found["v"])
    here, after = v[:-1], v[1:]
    second = np.append(1200 * x[:-1] * here**2 - 400 * here * after, 0)
    second[1:] -= 200 * here**2
    third = np.append(400 * here**3, 0)
    steps = np.logspace(-12, 0, 49)
    for name, terms in (
        ("one_sided", np.outer(steps, second) + np.outer(steps**2, third)),
        ("central", np.outer(steps**2, third)),
    ):
        errors = np.linalg.norm(terms, axis=1) / np.linalg.norm(rosen_hess_prod(x, v))
        assert np.all(np.abs(found[name] - errors) < 1e-14 / steps)


def test_newton(values):
    """Newton-CG with our product finds the minimum, all ones, as it does with SciPy's."""
    found = values(RECIPE)
    assert found["newton_error"] < 1e-8
    assert found["scipys_error"] < 1e-8


def test_spectrum(values):
    """The whole Hessian is that of differences; Lanczos and Hutchinson agree with it."""
    found = values(RECIPE)
    assert found["whole_error"] < 1e-8
    assert found["asymmetry"] < 1e-14
    assert found["found"] == pytest.approx(found["largest"], rel=1e-12)
    assert found["estimate"] == pytest.approx(found["trace"], abs=3 * found["standard_error"])
    assert found["estimate"] != pytest.approx(2 * found["trace"], abs=3 * found["standard_error"])


def test_cost(values):
    """A product costs a few gradients, either way, and both ways give the same."""
    found = values(RECIPE)
    assert 1 < found["reverse_cost"] < 10
    assert 1 < found["forward_cost"] < 20
    assert found["ways_differ"] < 1e-4


def test_clock(values):
    """Each way runs twenty times, and the fastest run counts, in milliseconds."""
    found = values(RECIPE)
    seconds = np.array(found["seconds"])
    shown = [found[name] for name in ("milliseconds", "reverse_ms", "forward_ms")]
    assert seconds.shape == (3, 20)
    assert shown == pytest.approx(1000 * seconds.min(axis=1))
    assert seconds.min() < 1
