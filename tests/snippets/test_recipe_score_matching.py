"""Oracles for score matching: SymPy, NumPy by hand, and differences of the score itself."""

import numpy as np
import pytest
import sympy
import torch

RECIPE = "recipes/score_matching.py"
FOLDER = "recipes/score_matching"
EXACT = 1e-6  # float32


def test_one_parameter(values):
    """With create_graph the derivative of the loss; without, another sign and the same loss."""
    k, x = sympy.symbols("k x")
    log_p = -k * x**2 / 2
    terms = log_p.diff(x, 2) + log_p.diff(x) ** 2 / 2
    J = sum(terms.subs(x, value) for value in (-1, 0, 2)) / 3
    slope = float(J.diff(k).subs(k, 0.5))
    kept, cut = values(f"{FOLDER}/kept.py"), values(f"{FOLDER}/cut.py")
    assert kept["dJ_dk"] == pytest.approx(slope, rel=EXACT)
    assert kept["J"] == cut["J"] == pytest.approx(float(J.subs(k, 0.5)), rel=EXACT)
    assert slope < 0 < cut["dJ_dk"]


def test_trace(values):
    """The loop gives the trace of the Jacobian; the gradient of the sum gives another number."""
    A = np.array([[-1.0, 2.0], [0.5, -3.0]])
    x = np.array([[1.0, 0.5], [0.2, 0.1]])
    slopes = 1 - np.tanh(x @ A.T) ** 2
    jacobians = slopes[:, :, None] * A
    traces = np.trace(jacobians, axis1=1, axis2=2)
    assert values(f"{FOLDER}/trace.py")["trace"] == pytest.approx(traces, rel=EXACT)
    sums = values(f"{FOLDER}/sum.py")["trace"]
    assert sums == pytest.approx(jacobians.sum(axis=(1, 2)), abs=EXACT)
    assert sums != pytest.approx(traces, rel=0.1)


def test_local_energy(values):
    """Hydrogen's ground state, by SymPy: minus one half wherever one looks."""
    x, y, z = sympy.symbols("x y z", positive=True)
    r = sympy.sqrt(x**2 + y**2 + z**2)
    psi = sympy.exp(-r)
    energy = -sum(psi.diff(way, 2) for way in (x, y, z)) / (2 * psi) - 1 / r
    assert sympy.simplify(energy) == -sympy.Rational(1, 2)
    assert values(f"{FOLDER}/local_energy.py")["energy"] == pytest.approx([-0.5] * 2, abs=1e-14)


def test_gaussian(values):
    """The minimum is the inverse of the covariance; with the trace cut it is not."""
    found = values(RECIPE)
    assert found["gaussian_error"] < 1e-7
    assert found["gaussian_error_cut"] > 0.9


def test_gradient_at_the_minimum(values):
    """I + W C is zero at W = -inverse(C); without the trace's part, the identity, it is not."""
    found = values(RECIPE)
    assert np.abs(found["gradient"]).max() == found["gradient_size"] < 1e-12
    assert np.array(found["gradient_cut"]) == pytest.approx(-np.eye(3), abs=1e-12)
    assert found["cut_difference"] < 1e-12


def test_theorem(values):
    """Both sides agree within what chance allows; with the sum of all derivatives they do not."""
    found = values(RECIPE)
    assert max(found["standard_errors"], found["standard_errors_cut"]) < 3
    assert found["standard_errors_sum"] > 6


def test_signs(values):
    """All sign vectors together have the trace as their mean, and the variance of the formula."""
    found = values(RECIPE)
    estimates = np.array(found["estimates"])
    jacobian = np.array(found["jacobian"])
    signs = 1 - 2 * ((np.arange(8)[:, None] >> np.arange(3)) & 1)
    products = np.einsum("ni,ij,nj->n", signs, jacobian, signs)
    assert sorted(estimates) == pytest.approx(sorted(products), abs=1e-13)
    assert estimates.mean() == pytest.approx(jacobian.trace(), abs=1e-13)
    symmetric = (jacobian + jacobian.T) / 2
    assert estimates.var() == pytest.approx(4 * np.sum(np.triu(symmetric, 1) ** 2), abs=1e-13)
    assert found["variance"] > 1e-3
    assert max(found["mean_error"], found["variance_error"], found["loop_error"]) < 1e-13


def test_trained_networks(values):
    """The exact and the sliced trace come near the true score in each run; the cut one nowhere."""
    found = values(RECIPE)
    assert [len(found[f"{way}_errors"]) for way in ("exact", "sliced", "cut")] == [5, 5, 5]
    assert max(found["exact_errors"] + found["sliced_errors"]) < 0.1
    assert min(found["cut_errors"]) > 0.9


def test_true_score(values):
    """The score that the networks are compared with is the slope of the mixture's logarithm."""
    found = values(RECIPE)
    centers = np.array([[-1.2, 0.0], [1.2, 0.6]])

    def log_p(x):
        squares = ((x - centers) ** 2).sum(axis=1) / (2 * 0.7**2)
        return np.logaddexp(*-squares)

    for point, score in zip(found["probe_points"], found["probe_scores"], strict=True):
        slopes = [
            (log_p(point + shift) - log_p(point - shift)) / 2e-5 for shift in 1e-5 * np.eye(2)
        ]
        assert score == pytest.approx(slopes, abs=1e-8)


def test_the_drawn_line_is_where_its_label_says(values):
    """From -3 to 3 at height 0.3, in even steps."""
    across, up = np.array(values(RECIPE)["line"]).T
    assert across == pytest.approx(np.linspace(-3, 3, len(across)))
    assert up == pytest.approx(np.full(len(across), 0.3))


@pytest.fixture
def parts(component):
    """The page's loss and both traces, without its dtype."""
    return component(RECIPE, "exact", "sliced", "loss", Callable=object)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("way", ["trace", "sliced_trace"])
def test_a_linear_score_trains(parts, dtype, way):
    """It ends near minus the identity, the score of a normal distribution, in either dtype."""
    torch.manual_seed(0)
    samples = torch.randn(2000, 2, dtype=dtype)
    network = torch.nn.Linear(2, 2).to(dtype)
    optimizer = torch.optim.Adam(network.parameters(), lr=0.05)
    for _ in range(150):
        loss = parts["score_matching_loss"](network, samples, parts[way])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert loss.dtype == dtype
    torch.testing.assert_close(network.weight, -torch.eye(2, dtype=dtype), rtol=0, atol=0.1)


@pytest.mark.parametrize("way", ["trace", "sliced_trace"])
def test_the_traces_follow_to_another_device(parts, way):
    """Their random signs are where the samples are."""
    network, samples = torch.nn.Linear(2, 2).to("meta"), torch.zeros(5, 2, device="meta")
    loss = parts["score_matching_loss"](network, samples, parts[way])
    assert loss.device.type == "meta"


def test_a_score_of_another_shape_is_refused(parts):
    """An energy is no score, and a trace of its derivative would be of one column."""
    with pytest.raises(ValueError, match=r"the score is \(5, 1\)"):
        parts["score_matching_loss"](torch.nn.Linear(2, 1), torch.zeros(5, 2), parts["trace"])
