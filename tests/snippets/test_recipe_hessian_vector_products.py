"""Oracles for Hessian-vector products: closed forms in NumPy and SciPy, and differences."""

import numpy as np
import pytest
import torch
from scipy.optimize import minimize, rosen, rosen_der, rosen_hess_prod
from sklearn.datasets import make_moons

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
    """Both ways are SciPy's product to the last digits, and no difference of gradients is."""
    found = values(RECIPE)
    x, v = np.array(found["x"]), np.array(found["v"])
    exact = rosen_hess_prod(x, v)

    def off(product):
        return np.linalg.norm(product - exact) / np.linalg.norm(exact)

    assert off(found["reverse"]) < 1e-15
    assert off(found["forward"]) < 1e-15
    steps = np.logspace(-12, 0, 49)
    above, below = ([rosen_der(x + h * v) for h in signs] for signs in (steps, -steps))
    pairs = [(a, b, h) for a, b, h in zip(above, below, steps, strict=True)]
    central = min(off((a - b) / (2 * h)) for a, b, h in pairs)
    one_sided = min(off((a - rosen_der(x)) / h) for a, _, h in pairs)
    assert found["best_central"] == pytest.approx(central, rel=1e-2) and central > 1e-12
    assert found["best_one_sided"] == pytest.approx(one_sided, rel=1e-2) and one_sided > 1e-9


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
    how = {"method": "Newton-CG", "options": {"xtol": 1e-10}}
    scipys = minimize(rosen, np.tile([-1.2, 1], 10), jac=rosen_der, hessp=rosen_hess_prod, **how)
    assert np.abs(scipys.x - 1).max() < 1e-8
    assert found["scipys_error"] < 1e-8
    assert found["newton_error"] < 1e-8
    counts = [found["newton_steps"], found["newton_products"]]
    assert counts == pytest.approx([scipys.nit, scipys.nhev], rel=0.02)


def moons_hessian(weights):
    """The Hessian of the classifier's loss: differences of complex differences, in NumPy."""
    points, labels = make_moons(200, noise=0.2, random_state=0)
    shapes = [np.shape(weight) for weight in weights]
    theta = np.concatenate([np.ravel(weight) for weight in weights])
    ends = np.cumsum([np.prod(shape) for shape in shapes])[:-1]

    def gradient(theta):
        moved = theta + 1e-20j * np.eye(theta.size)
        pieces = zip(np.split(moved, ends, axis=1), shapes, strict=True)
        parts = [piece.reshape(len(piece), *shape) for piece, shape in pieces]
        out = points
        for W, b in zip(parts[::2], parts[1::2], strict=True):
            out = (np.tanh(out) if W is not parts[0] else out) @ W.swapaxes(1, 2) + b[:, None]
        loss = np.log(np.exp(out).sum(axis=2)) - out[:, np.arange(labels.size), labels]
        return loss.mean(axis=1).imag / 1e-20

    steps = 1e-5 * np.eye(theta.size)
    return np.array([gradient(theta + h) - gradient(theta - h) for h in steps]) / 2e-5


def test_spectrum(values):
    """Lanczos finds the largest eigenvalues of NumPy's Hessian, and Hutchinson its trace."""
    found = values(RECIPE)
    hessian = moons_hessian(found["weights"])
    largest, trace = np.linalg.eigvalsh(hessian)[-5:], np.trace(hessian)
    off_diagonal = hessian - np.diag(np.diag(hessian))
    error = np.sqrt(2 * (off_diagonal**2).sum() / 400)
    assert found["found"] == pytest.approx(largest, rel=1e-7)
    assert found["largest"] == pytest.approx(largest, rel=1e-7)
    assert found["lanczos_error"] < 1e-12
    assert found["trace"] == pytest.approx(trace, rel=1e-7)
    assert found["standard_error"] == pytest.approx(error, rel=1e-7)
    assert found["estimate"] == pytest.approx(trace, abs=3 * error)
    assert found["estimate"] != pytest.approx(2 * trace, abs=3 * error)
    assert found["whole_error"] < 1e-8
    assert found["asymmetry"] < 1e-14


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


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_the_product_follows_its_inputs(component, dtype):
    """Of the sum of cubes it is 6 x v; of a sum of products, no sum but the other factor."""
    hvp = component(RECIPE, "hvp", Callable=object)["hvp"]
    x, v = torch.tensor([[1.0, -2.0]], dtype=dtype), torch.tensor([[3.0, 0.5]], dtype=dtype)
    found = hvp(lambda x: x.pow(3).sum(), x, v)
    assert (found.dtype, found.tolist()) == (dtype, [[18.0, -6.0]])
    assert hvp(lambda x: x.prod(), x, v).tolist() == [[0.5, 3.0]]
    with pytest.raises(RuntimeError, match="does not require grad"):
        hvp(lambda x: x.sum(), x, v)


def test_a_step_that_takes_the_curvature_with_it(values):
    """Of a bowl with a diagonal Hessian, one step divided by it ends at the minimum, 1 / h."""
    found = values("recipes/hessian_vector_products/in_a_step.py")
    assert found["w"] == pytest.approx([2, 0.25, 0.05])
