"""Conjugate gradients that stop: by NumPy's solver, and by what they promise at saddles."""

import numpy as np
import pytest
import torch

FOLDER = "recipes/conjugate_gradients/"


@pytest.fixture
def direction(report):
    """The component's function, of its text as it is verified."""
    names = {}
    exec(report.verdicts[FOLDER + "direction.py"].snippet.text, names)
    return names["direction"]


def matrix(eigenvalues, seed=0):
    """A symmetric matrix with these eigenvalues, in NumPy."""
    rng = np.random.default_rng(seed)
    Q, _ = np.linalg.qr(rng.normal(size=(len(eigenvalues), len(eigenvalues))))
    return Q * np.array(eigenvalues, dtype=float) @ Q.T


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_a_positive_matrix_is_solved(direction, dtype):
    """As by NumPy, to the tolerance, in at most as many steps as there are equations."""
    H, b = matrix([1, 2, 3, 5, 8]), np.array([1.0, -2, 0.5, 3, 1])
    A = torch.tensor(H, dtype=dtype)
    x, off, why = direction(lambda v: A @ v, torch.tensor(b, dtype=dtype), tolerance=1e-5)
    assert x.dtype == dtype
    assert x.numpy() == pytest.approx(np.linalg.solve(H, b), rel=1e-4)
    assert off < 2e-5
    assert why.startswith("solved in") and int(why.split()[2]) <= 5


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("low", [-2.0, 0.0])
def test_it_leads_down_where_curvature_is_not_positive(direction, seed, low):
    """The product with b is positive, and the quadratic model falls along the direction."""
    H = matrix([low, low / 2, 1, 3, 10], seed)
    b = np.random.default_rng(seed).normal(size=5)
    if not low:
        b = b + 0  # b has a part in the null space, so that there is no solution
    x, off, why = direction(lambda v: torch.tensor(H) @ v, torch.tensor(b), tolerance=1e-8)
    x = x.numpy()
    assert "curvature" in why or "after" in why
    assert b @ x > 0
    small = 1e-3 * x / np.linalg.norm(x)
    assert small @ H @ small / 2 - b @ small < 0
    assert off > 1e-3


def test_the_first_step_is_the_gradient(direction):
    """Where already the first curvature is zero or negative, b itself comes back."""
    b = torch.tensor([1.0, 1.0], dtype=torch.float64)
    for diagonal, word in (([1, -1], "0.0e+00"), ([-1, -2], "-3.0e+00"), ([0, 0], "0.0e+00")):
        H = torch.diag(torch.tensor(diagonal, dtype=torch.float64))
        x, _, why = direction(lambda v, H=H: H @ v, b)
        assert torch.equal(x, b)
        assert why == f"curvature {word} in step 1"


def test_nothing_to_solve_and_what_is_refused(direction):
    """A zero gradient is solved at once; what is not finite raises, and steps may run out."""
    zero = torch.zeros(3)
    assert direction(lambda v: v, zero)[2] == "solved in 0 steps"
    for product, b in ((lambda v: v, zero / 0), (lambda v: v * float("nan"), zero + 1)):
        with pytest.raises(FloatingPointError, match="not finite"):
            direction(product, b)
    A = torch.tensor(matrix(range(1, 9)))
    x, off, why = direction(lambda v: A @ v, torch.ones(8).double(), tolerance=1e-9, steps=2)
    assert why == "after 2 steps" and 1e-3 < off < 1 and (x != 0).all()


def test_the_saddle_of_the_page(values):
    """H is diag(2, -2), and minus the gradient is (-2, -2) there."""
    found = values(FOLDER + "negative.py")
    assert found["curvature"] == 0
    assert np.array(found["naive"]) == pytest.approx(8 / 1e-8 * np.array([-2, -2]))
    assert found["x"] == [-2, -2]


def test_rounding(values):
    """In float32 the true residual stalls far above that of the recursion; in float64 it falls."""
    found = values(FOLDER + "rounding.py")
    assert found["said32"] < 1e-9 < 1e-6 < found["true32"]
    assert found["true64"] < 1e-12 and found["true_products"] > 1e-7
    assert found["lost64"] < 1e-8 < 1e-4 < found["lost32"]


def test_symmetry(values):
    """Only the fixed network on fixed data has a symmetric product."""
    found = values(FOLDER + "symmetric.py")
    assert found["off_right"] < 1e-13
    assert min(found["off_dropout"], found["off_batch"]) > 1e-2


@pytest.mark.parametrize("keep", [{"retain_graph": True}, {"create_graph": True}])
def test_vectors_that_keep_their_graph(direction, keep):
    """Neither a gradient nor a product that is attached is differentiated once more."""
    w = torch.arange(1.0, 7.0, dtype=torch.float64).requires_grad_()
    loss = (w / 2).exp().sum() + w.square().sum() + w[0] * w[1]
    (g,) = torch.autograd.grad(loss, w, create_graph=True)
    x, off, why = direction(lambda v: torch.autograd.grad(g @ v, w, **keep)[0], -g, 1e-10)
    H = np.diag(np.exp(w.detach().numpy() / 2) / 4 + 2)
    H[0, 1] = H[1, 0] = 1
    assert x.numpy() == pytest.approx(np.linalg.solve(H, -g.detach().numpy()))
    assert off < 1e-9 and why.startswith("solved")


def test_symmetry_in_any_type_and_of_nothing(report):
    """Float32 leaves rounding; a product of nan, or of zero, is never called symmetric."""
    names = {}
    exec(report.verdicts[FOLDER + "symmetric.py"].snippet.text, names)
    torch.set_default_dtype(torch.float32)
    A = torch.tensor(matrix(range(-20, 20)), dtype=torch.float32)
    b = torch.zeros(40)
    assert names["asymmetry"](lambda v: A @ v, b) < 1e-6
    assert names["asymmetry"](lambda v: A.double() @ v, b.double()) < 1e-14
    assert names["asymmetry"](lambda v: A.triu() @ v, b) > 1e-3
    for factor in (0, float("nan")):
        assert np.isnan(names["asymmetry"](lambda v, factor=factor: v * factor, b))
