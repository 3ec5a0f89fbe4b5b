"""Oracles for implicit differentiation: SymPy, closed forms, central and complex differences."""

import numpy as np
import pytest
import sympy
import torch
from scipy.sparse.linalg import LinearOperator, cg
from sklearn.datasets import load_diabetes
from sklearn.preprocessing import scale

RECIPE = "recipes/implicit_differentiation.py"
FOLDER = "recipes/implicit_differentiation"
EXACT = 1e-12
BOWL = (1, 2, 4, 10)


class Ridge:
    """Ridge regression on one split, with a penalty for each weight, in NumPy."""

    def __init__(self, seed):
        inputs, targets = map(scale, load_diabetes(return_X_y=True))
        order = torch.randperm(442, generator=torch.Generator().manual_seed(seed)).numpy()
        self.train, self.validation, self.test = (
            (inputs[rows], targets[rows]) for rows in np.split(order, [200, 320])
        )

    def hessian(self, penalties):
        """The second derivative of the training loss in the weights."""
        X, y = self.train
        return X.T @ X / len(y) + np.diag(penalties)

    def gradient(self, penalties, w):
        """The first derivative."""
        X, y = self.train
        return self.hessian(penalties) @ w - X.T @ y / len(y)

    def fit(self, penalties):
        """The weights at the minimum, where the gradient is zero."""
        return np.linalg.solve(self.hessian(penalties), -self.gradient(penalties, np.zeros(10)))

    def reaction(self, w):
        """The gradient of the validation loss in the weights."""
        X, y = self.validation
        return X.T @ (X @ w - y) / len(y)

    def hypergradient(self, penalties, w):
        """The gradient of the validation loss in the penalties' logarithms, by the theorem."""
        return -penalties * w * np.linalg.solve(self.hessian(penalties), self.reaction(w))

    def losses(self, w):
        """The validation loss and the test loss."""
        return [((X @ w - y) ** 2).mean() / 2 for X, y in (self.validation, self.test)]


def test_ten_penalties(values):
    """The theorem and the unrolled training give the gradient that NumPy's refits give."""
    found, ridge = values(RECIPE), Ridge(0)
    moves = [np.full(10, np.log(0.1)) + move for h in (1e-5, -1e-5) for move in h * np.eye(10)]
    losses = np.array([ridge.losses(ridge.fit(np.exp(rho)))[0] for rho in moves])
    differences = (losses[:10] - losses[10:]) / 2e-5
    exact = ridge.hypergradient(np.full(10, 0.1), ridge.fit(np.full(10, 0.1)))
    assert exact == pytest.approx(differences, rel=1e-7, abs=1e-10)
    assert found["exact_by_differences"] == pytest.approx(differences, rel=1e-7, abs=1e-10)
    for way in ("exact", "by_theorem", "unrolled"):
        assert found[f"{way}_penalties"] == pytest.approx(exact, rel=EXACT)
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
def early():
    """The relative errors of the hypergradient: after each step of training, and by CG."""
    ridge, penalties = Ridge(0), np.full(10, 0.1)
    H, best = ridge.hessian(penalties), ridge.fit(penalties)
    exact = ridge.hypergradient(penalties, best)

    def off(found):
        return np.linalg.norm(found - exact) / np.linalg.norm(exact)

    w, dw_drho, by_unrolling, by_theorem = np.zeros(10), np.zeros((10, 10)), [], []
    for _ in range(700):
        dw_drho = dw_drho - 0.4 * (H @ dw_drho + np.diag(penalties * w))
        w = w - 0.4 * ridge.gradient(penalties, w)
        by_unrolling.append(off(dw_drho.T @ ridge.reaction(w)))
        by_theorem.append(off(ridge.hypergradient(penalties, w)))
    solved = [cg(H, ridge.reaction(best), rtol=1e-15, maxiter=k)[0] for k in range(1, 15)]
    return by_unrolling, by_theorem, [off(-penalties * best * u) for u in solved]


def test_errors_of_stopping_early(values, early):
    """They are those of NumPy, with the derivative of each step by hand."""
    found = values(RECIPE)
    by_unrolling, by_theorem, by_products = early
    close = {"rel": 1e-4, "abs": 1e-8}
    for name, errors in (("by_unrolling", by_unrolling), ("by_theorem", by_theorem)):
        assert found[name] == pytest.approx([errors[k - 1] for k in found["counts"]], **close)
    assert found["by_products"] == pytest.approx(by_products, **close)


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
    w, moved, gradient_sum = [1] * len(h), [0] * len(h), [0] * len(h)
    for _ in range(K):
        gradient_sum = [s + h_i * w_i for s, h_i, w_i in zip(gradient_sum, h, w, strict=True)]
        moved = [m * (1 - eta * h_i) - h_i * w_i for m, h_i, w_i in zip(moved, h, w, strict=True)]
        w = [w_i * (1 - eta * h_i) for h_i, w_i in zip(h, w, strict=True)]
    right = sum(h_i * w_i * m for h_i, w_i, m in zip(h, w, moved, strict=True))
    wrong = -sum(h_i * w_i * s for h_i, w_i, s in zip(h, w, gradient_sum, strict=True))
    return right, wrong


def test_slope_in_the_learning_rate(values):
    """By rational numbers, the slope is the kept one, and the cut one has the other sign."""
    right, wrong = map(float, slopes([1, 10], sympy.Rational(17, 100), 4))
    cut = values(f"{FOLDER}/rate_cut.py")["dloss_deta"]
    assert values(f"{FOLDER}/rate_kept.py")["dloss_deta"] == pytest.approx(right, rel=EXACT)
    assert cut == pytest.approx(wrong, rel=EXACT)
    assert cut != pytest.approx(right, rel=1e-1)
    assert right > 0 > cut


def cut_slope(eta, K):
    """The page's formula for the slope with constant gradients."""
    pairs = [(h, 1 - eta * h) for h in BOWL]
    return -sum(h * r**K * (1 - r**K) for h, r in pairs) / eta


def test_closed_forms_of_the_bowl(values):
    """The formulas on the page are those of the recursion, and autograd agrees with both."""
    found = values(RECIPE)
    eta = sympy.symbols("eta")
    for K in (4, 5):
        right, wrong = slopes(BOWL, eta, K)
        pairs = [(h, 1 - eta * h) for h in BOWL]
        by_formula = -K * sum(h**2 * r ** (2 * K - 1) for h, r in pairs)
        assert sympy.cancel(by_formula - right) == 0
        assert sympy.cancel(cut_slope(eta, K) - wrong) == 0
    assert found["kept_error"] < 1e-14
    assert found["cut_error"] < 1e-14


def loss_after(eta, K):
    """The loss on the bowl after K steps."""
    return sum(h * (1 - eta * h) ** (2 * K) for h in BOWL) / 2


def test_bowl(values):
    """The curve for five steps is the closed form, from standing still to past divergence."""
    found = values(RECIPE)
    etas = np.linspace(0, 0.205, 100)
    assert found["etas"] == pytest.approx(etas, rel=EXACT)
    assert found["bowl"] == pytest.approx(loss_after(etas, 5), rel=EXACT)


def test_learned_rates(values):
    """The right gradient ends at the minimum, the cut one where it is zero, or goes over the edge.

    For five steps that is beside the minimum. For four it is past 2/10, where the largest h
    begins to diverge.
    """
    found = values(RECIPE)
    etas = np.linspace(0.001, 0.21, 20001)
    for eta, K in (("eta_four", 4), ("eta_five", 5)):
        assert loss_after(found[eta], K) == pytest.approx(loss_after(etas, K).min(), rel=1e-6)
    assert cut_slope(found["eta_five_cut"], 5) == pytest.approx(0, abs=EXACT)
    assert found["loss_five_cut"] == pytest.approx(loss_after(found["eta_five_cut"], 5), rel=EXACT)
    assert 1 < found["loss_five_cut"] / found["loss_five"] < 1.01
    assert cut_slope(2 / 10, 4) < 0 < cut_slope(found["eta_four_cut"], 4)
    assert found["loss_four_cut"] == pytest.approx(loss_after(found["eta_four_cut"], 4), rel=EXACT)
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
    root = sympy.nsolve(residual.subs(at), z, 0, prec=30)
    return float(dz_dx.subs(at).subs(z, root)), float(total.subs(at).subs(z, root))


def test_second_derivative_of_an_equilibrium(values, equilibrium):
    """All have the slope; only two steps have the derivative of its square."""
    slope, derivative = equilibrium
    for name in ("twice", "once", "hook"):
        assert values(f"{FOLDER}/{name}.py")["slope"] == pytest.approx(slope, rel=EXACT)
    assert values(f"{FOLDER}/twice.py")["dP_dw"] == pytest.approx(derivative, rel=EXACT)
    for wrong in ("once", "hook"):
        assert values(f"{FOLDER}/{wrong}.py")["dP_dw"] != pytest.approx(derivative, rel=1)


@pytest.fixture
def by_steps(values):
    """The gradient of the layer's penalty after each step, by complex differences in NumPy."""
    W, x, a = (np.array(values(RECIPE)[name]) for name in ("W", "x", "a"))
    step, z, dz_dx, gradients = 1e-20, np.zeros((5, 8)), np.zeros((8, 8)), []
    W = W + 1j * step * np.eye(64).reshape(64, 1, 8, 8)  # one matrix for each entry
    for _ in range(80):
        z = np.tanh((W @ z[..., None])[..., 0] + x)
        dz_dx = (1 - z**2)[..., None] * (W @ dz_dx + np.eye(8))
        penalty = ((a @ dz_dx) ** 2).sum(axis=(1, 2))
        gradients.append(penalty.imag.reshape(8, 8) / step)
    return gradients


def test_penalty_on_the_equilibrium_layer(values, by_steps):
    """Two steps have the slope of NumPy's gradient, one has not, and a third changes nothing."""
    found = values(RECIPE)
    slope = (by_steps[-1] * found["direction"]).sum()
    assert found["slope_two"] == pytest.approx(slope, rel=EXACT)
    assert found["slope_difference"] == pytest.approx(slope, rel=1e-8)
    assert found["slope_one"] != pytest.approx(slope, rel=1e-1)
    assert found["third_changes"] < 1e-14


def test_steps_of_the_equilibrium_layer(values, by_steps):
    """W contracts, so the steps end at the gradient; two of Newton's are there, and one is not."""
    found, exact = values(RECIPE), by_steps[-1]
    counts = found["layer_steps"]

    def off(gradient):
        return np.linalg.norm(gradient - exact) / np.linalg.norm(exact)

    assert np.linalg.norm(found["W"], 2) == pytest.approx(0.7, rel=EXACT)
    assert off(found["two_steps"]) < EXACT
    assert found["one_error"] == pytest.approx(off(found["one_step"]), rel=EXACT)
    assert counts == sorted(set(counts))
    assert counts[-1] == len(by_steps)
    errors = [off(by_steps[k - 1]) for k in counts]
    assert found["layer_errors"] == pytest.approx(errors, rel=1e-6, abs=EXACT)


def test_fitted_penalties(values):
    """Ten penalties fit the validation rows of each split better than one."""
    found = values(RECIPE)
    assert found["won_validation"] == 10
    assert found["ten_validation"] < found["one_validation"]


def fit_ten(ridge):
    """The weights with ten penalties, after 200 steps of Adam, by its definition."""
    rho, mean, square = np.full(10, np.log(0.1)), 0, 0
    for k in range(1, 201):
        gradient = ridge.hypergradient(np.exp(rho), ridge.fit(np.exp(rho)))
        mean = 0.9 * mean + 0.1 * gradient
        square = 0.999 * square + 0.001 * gradient**2
        rho = rho - 0.1 * mean / (1 - 0.9**k) / (np.sqrt(square / (1 - 0.999**k)) + 1e-8)
    return ridge.fit(np.exp(rho))


def fit_one(ridge):
    """The weights with the best of 41 penalties on the validation rows."""
    fits = [ridge.fit(np.full(10, np.exp(rho))) for rho in np.linspace(-7, 3, 41)]
    return min(fits, key=lambda w: ridge.losses(w)[0])


@pytest.mark.parametrize(("name", "fit"), [("ten", fit_ten), ("one", fit_one)])
def test_losses_of_the_fits(values, name, fit):
    """On each split, both losses are those of NumPy."""
    ridges = [Ridge(seed) for seed in range(10)]
    losses = np.array([ridge.losses(fit(ridge)) for ridge in ridges])
    assert np.array(values(RECIPE)[name]) == pytest.approx(losses, rel=1e-8)


DTYPES = pytest.mark.parametrize("dtype", [torch.float32, torch.float64])


@pytest.fixture
def theorem(component):
    """The page's `solve` and `hypergradient`, without its dtype."""
    given = {"np": np, "LinearOperator": LinearOperator, "cg": cg, "Callable": object}
    return component(RECIPE, "implicit", **given)


@DTYPES
def test_solve_follows_its_inputs(theorem, dtype):
    """The solution has the shape and the dtype of the right side."""
    H = torch.tensor([[3.0, 1.0, 0.0], [1.0, 2.0, 0.0], [0.0, 0.0, 5.0]], dtype=dtype)
    b = torch.tensor([[1.0], [2.0], [3.0]], dtype=dtype)
    u = theorem["solve"](lambda v: H @ v, b)
    assert (u.shape, u.dtype) == (b.shape, dtype)
    torch.testing.assert_close(H @ u, b)


@DTYPES
def test_a_system_that_was_not_solved_raises(theorem, dtype):
    """Eigenvalues over twelve orders are too much for CG, and so is a product that is nan."""
    steep = torch.logspace(-12, 0, 30, dtype=dtype)
    with pytest.raises(RuntimeError, match="CG did not solve"):
        theorem["solve"](lambda v: steep * v, torch.ones(30, dtype=dtype))
    with pytest.raises(RuntimeError, match="CG did not solve"):
        theorem["solve"](lambda v: v * torch.nan, torch.ones(3, dtype=dtype))


def small_network(dtype):
    """A network's training loss and a validation loss that depends on the penalty directly."""
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(20, 2, generator=generator, dtype=torch.float64).to(dtype)
    y = torch.sin(x[:, 0]) + x[:, 1]

    def predict(w, x):
        return torch.tanh(x @ w[:6].reshape(2, 3)) @ w[6:]

    def inner(w, rho):
        return (predict(w, x[:12]) - y[:12]).pow(2).mean() + rho.exp() * w.pow(2).sum()

    def outer(w, rho):
        return (predict(w, x[12:]) - y[12:]).pow(2).mean() + rho.exp() * w.pow(2).sum() / 2

    return inner, outer, torch.linspace(-0.5, 0.5, 9, dtype=dtype)


def trained(inner, w, rho):
    """The weights at the minimum, by L-BFGS."""
    w = w.clone().requires_grad_()
    optimizer = torch.optim.LBFGS(
        [w], max_iter=500, tolerance_grad=0, tolerance_change=0, line_search_fn="strong_wolfe"
    )

    def closure():
        optimizer.zero_grad()
        loss = inner(w, rho)
        loss.backward(inputs=[w])
        return loss

    optimizer.step(closure)
    return w.detach()


@DTYPES
def test_hypergradient_of_a_network(theorem, dtype):
    """It is the difference of two trainings, with what the validation loss has of the penalty."""
    inner, outer, start = small_network(torch.float64)
    rho = torch.tensor(-2.0, dtype=torch.float64)
    w = trained(inner, start, rho)
    above, below = (outer(trained(inner, w, rho + h), rho + h) for h in (1e-3, -1e-3))
    difference = ((above - below) / 2e-3).item()
    inner, outer, _ = small_network(dtype)
    found = theorem["hypergradient"](inner, outer, w.to(dtype), rho.to(dtype))
    assert found.dtype == dtype
    assert found.item() == pytest.approx(difference, rel=1e-4 if dtype == torch.float32 else 1e-5)
    direct = (rho.exp() * w.pow(2).sum() / 2).item()
    assert found.item() - direct != pytest.approx(difference, rel=1e-2)


def test_hyperparameters_train_with_the_theorem(theorem):
    """A penalty that starts too large falls in a training loop, and the validation loss with it."""
    inner, outer, w = small_network(torch.float64)
    rho, losses = torch.tensor(0.0, dtype=torch.float64), []

    def validation(w, rho):
        return outer(w, rho - torch.inf)  # without what it has of the penalty

    for _ in range(10):
        w = trained(inner, w, rho)
        losses.append(validation(w, rho).item())
        rho = rho - 0.5 * theorem["hypergradient"](inner, validation, w, rho)
    assert losses == sorted(losses, reverse=True)
    assert losses[-1] < losses[0]


def test_any_map_with_the_same_fixed_point(values):
    """Each map gives the difference of the validation loss at two minima; ten terms may not."""
    A, b = np.array([[2, 0.5], [0.5, 1]]), np.array([1.0, -1])

    def loss(rho):
        w = np.zeros(2)
        for _ in range(50):
            H = A + np.diag(np.exp(rho) + 1.2 * w**2)
            w = w - np.linalg.solve(H, A @ w + np.exp(rho) * w + 0.4 * w**3 - b)
        return ((w - 1) ** 2).sum() / 2

    truth = (loss(0.3 + 1e-5) - loss(0.3 - 1e-5)) / 2e-5
    found = values("recipes/implicit_differentiation/maps.py")
    assert found["solved"] == pytest.approx(3 * [truth], rel=1e-6)
    short, long, newton = found["ten"]
    assert newton == pytest.approx(truth, rel=1e-6)
    assert abs(long - truth) < 1e-2 * abs(truth) < abs(short - truth)


def test_maps_away_from_the_fixed_point(report):
    """Gradient steps agree after three steps too; Newton's only if its Hessian is a constant."""
    text = report.verdicts["recipes/implicit_differentiation/maps.py"].snippet.text
    early, attached, far = {}, {}, {}
    exec(text.replace("range(300)", "range(3)"), early)
    exec(
        text.replace("range(300)", "range(3)").replace(
            "(g, w.detach())", "(g, w, create_graph=True)"
        ),
        attached,
    )
    exec(text.replace("gradient_step(0.01)", "gradient_step(1.2)"), far)
    torch.set_default_dtype(torch.float32)
    assert early["solved"] == pytest.approx(3 * early["solved"][:1])
    assert attached["solved"][:2] == pytest.approx(early["solved"][:2])
    assert abs(attached["solved"][2] / early["solved"][2] - 1) > 0.1
    assert far["solved"] == pytest.approx(3 * far["solved"][:1])
    assert far["ten"][0] > 1e3  # the sum diverges
