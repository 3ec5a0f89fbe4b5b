"""The component of IRM, GradNorm and reweighting: by hand, by differences, and what it raises."""

import itertools

import numpy as np
import pytest
import scipy.optimize
import sympy
import torch
from torch.nn.functional import mse_loss

COMPONENT = "recipes/gradients_as_weights/weighting.py"
FOLDER = "recipes/gradients_as_weights"


@pytest.fixture
def weighting(report):
    """The component's names, of its text as it is verified."""
    names = {}
    exec(report.verdicts[COMPONENT].snippet.text, names)
    return names


def squares(outputs, targets):
    return (outputs.squeeze(1) - targets).square()


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_irm_penalty_is_the_product_of_closed_forms(weighting, dtype):
    """Of squares, the slope at one is the mean of 2 f (f - y), over even and over odd rows."""
    f = torch.tensor([0.3, -1.0, 2.0, 0.5], dtype=dtype, requires_grad=True)
    y = torch.tensor([0.0, 1.0, 1.5, -0.5], dtype=dtype)
    slopes = [(2 * f[k::2] * (f[k::2] - y[k::2])).mean() for k in (0, 1)]
    found = weighting["irm_penalty"](mse_loss, f, y)
    truth = slopes[0] * slopes[1]
    assert found.dtype == dtype and found.item() == pytest.approx(truth.item(), rel=1e-6)
    ours, theirs = (torch.autograd.grad(P, f)[0].tolist() for P in (found, truth))
    assert ours == pytest.approx(theirs, rel=1e-5)


def test_irm_on_the_page_is_that_of_sympy(values):
    """The product's mean is the squared mean slope; the square's has the variance in it."""
    w = sympy.Symbol("w")
    data = [(0, 1), (1, sympy.Rational(1, 5)), (2, sympy.Rational(11, 5))]
    slopes = [2 * w * x * (w * x - y) for x, y in data]
    mean = sum(slopes) / 3
    pairs = itertools.product(slopes, repeat=2)
    of_squares = sum(((a + b) / 2) ** 2 for a, b in pairs) / 9
    for name, P in (("irm_product", mean**2), ("irm_square", of_squares)):
        found = values(f"{FOLDER}/{name}.py")
        assert found["P"] == pytest.approx(float(P.subs(w, 0.9)), abs=1e-5)
        assert found["dP_dw"] == pytest.approx(float(P.diff(w).subs(w, 0.9)), abs=1e-4)


def tasks():
    torch.manual_seed(0)
    trunk, heads = torch.nn.Linear(3, 4).double(), torch.nn.Linear(4, 2).double()
    x, y = torch.randn(8, 3).double(), torch.randn(8, 2).double()
    losses = (heads(torch.tanh(trunk(x))) - y).square().mean(0)
    return trunk, losses


def test_gradnorm_slope_is_that_of_differences(weighting):
    """Of the loss whose target stays, at weights a little above and below."""
    trunk, losses = tasks()
    first, weights = torch.tensor([1.0, 2.0]).double(), torch.tensor([0.7, 1.3]).double()

    def norms(weights):
        parts = [
            torch.autograd.grad(w * loss, trunk.weight, retain_graph=True)[0]
            for w, loss in zip(weights, losses, strict=True)
        ]
        return torch.stack([g.norm() for g in parts])

    speed = losses.detach() / first
    target = norms(weights).mean() * (speed / speed.mean()) ** 1.5
    truth = [
        ((norms(weights + h) - target).abs().sum() - (norms(weights - h) - target).abs().sum())
        / 2e-6
        for h in 1e-6 * torch.eye(2).double()
    ]
    found = weighting["gradnorm_slope"](list(losses), weights, [trunk.weight], first)
    assert found.tolist() == pytest.approx([t.item() for t in truth], rel=1e-6)
    assert trunk.weight.grad is None and not found.requires_grad


def test_gradnorm_on_the_page(values, weighting):
    """Both slopes are the component's; only grad for the weights leaves the network's alone."""
    kept, wrong = (values(f"{FOLDER}/gradnorm_{name}.py") for name in ("kept", "backward"))
    torch.manual_seed(0)
    trunk, heads = torch.nn.Linear(3, 4), torch.nn.Linear(4, 2)
    x, y = torch.randn(8, 3), torch.randn(8, 2)

    def losses():
        return (heads(torch.tanh(trunk(x))) - y).square().mean(0)

    slope = weighting["gradnorm_slope"](
        list(losses()), torch.ones(2), [trunk.weight], torch.tensor([1.0, 2.0])
    )
    assert kept["slope"] == pytest.approx(slope.tolist(), rel=1e-5)
    assert wrong["slope"] == pytest.approx(slope.tolist(), rel=1e-5)
    truth = []
    for entry in range(3):
        at = []
        for step in (1e-2, -2e-2, 1e-2):
            with torch.no_grad():
                trunk.weight[0, entry] += step
                at.append(losses().sum().item())
        truth.append((at[0] - at[1]) / 2e-2)
    assert kept["gradient"] == pytest.approx(truth, abs=1e-3)
    assert wrong["gradient"] != pytest.approx(truth, abs=1e-2)


def test_sample_weights_are_products_of_gradients(weighting):
    """What is positive of the trusted gradient times that of each sample, with the sum one."""
    torch.manual_seed(0)
    net = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.ReLU(), torch.nn.Linear(4, 1))
    x, y, clean_x, clean_y = (torch.randn(n) for n in ((6, 3), (6,), (4, 3), (4,)))

    def whole(loss):
        parts = torch.autograd.grad(loss, [*net.parameters()])
        return torch.cat([g.flatten() for g in parts])

    trusted = whole(squares(net(clean_x), clean_y).mean())
    each = torch.stack([whole(squares(net(x[i : i + 1]), y[i : i + 1]).sum()) for i in range(6)])
    truth = (each @ trusted).clamp(min=0)
    found = weighting["sample_weights"](net, squares, (x, y), (clean_x, clean_y))
    assert torch.allclose(found, truth / truth.sum(), rtol=1e-4, atol=1e-6)
    assert 0 < (found > 0).sum() < 6
    assert not found.requires_grad and all(p.grad is None for p in net.parameters())


def test_frozen_weights_take_no_part(weighting):
    """The weights are the products of gradients of what is trained; autocast changes digits."""
    torch.manual_seed(0)
    net = torch.nn.Sequential(torch.nn.Linear(3, 6), torch.nn.Tanh(), torch.nn.Linear(6, 1))
    net[0].requires_grad_(False)
    batch, trusted = (torch.randn(6, 3), torch.randn(6)), (torch.randn(4, 3), torch.randn(4))

    def slopes(data):
        off = 2 * (net(data[0]).squeeze(1) - data[1])
        hidden = torch.cat([net[:2](data[0]), torch.ones(len(data[0]), 1)], dim=1)
        return off[:, None] * hidden

    truth = (slopes(batch) @ slopes(trusted).mean(0)).clamp(min=0)
    found = weighting["sample_weights"](net, squares, batch, trusted)
    assert torch.allclose(found, truth / truth.sum(), atol=1e-6)
    with torch.autocast("cpu", torch.bfloat16):
        rounded = weighting["sample_weights"](net, squares, batch, trusted)
    assert rounded.dtype == torch.float32 and torch.allclose(rounded, found, atol=0.02)


def test_sample_weights_leave_the_buffers(weighting):
    """Batch normalization in train mode counts no batch, and no help is no weight."""
    net = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.BatchNorm1d(4), torch.nn.Linear(4, 1))
    x, y = torch.randn(6, 3), torch.randn(6)
    weighting["sample_weights"](net, squares, (x, y), (x, y))
    assert net[1].num_batches_tracked == 0 and net[1].running_mean.abs().max() == 0
    linear = torch.nn.Linear(1, 1, bias=False)
    one, data = torch.ones(1, 1), torch.ones(1)
    with torch.no_grad():
        linear.weight.zero_()
    found = weighting["sample_weights"](linear, squares, (one, -data), (one, data))
    assert found.tolist() == [0]


def test_what_is_refused(weighting):
    """One row, frozen outputs, weights that are zero, unused layers, a loss that is a mean."""
    f, y = torch.ones(4, requires_grad=True), torch.zeros(4)
    with pytest.raises(ValueError, match="1 outputs and 1 targets"):
        weighting["irm_penalty"](mse_loss, f[:1], y[:1])
    with pytest.raises(RuntimeError, match="no graph"):
        weighting["irm_penalty"](mse_loss, f.detach(), y)
    trunk, losses = tasks()
    ones = torch.ones(2).double()
    for weights in (torch.zeros(2), torch.ones(3)):
        with pytest.raises(ValueError, match="2 tasks"):
            weighting["gradnorm_slope"](list(losses), weights, [trunk.weight], ones)
    with pytest.raises(RuntimeError, match="to not have been used"):
        weighting["gradnorm_slope"](list(losses), ones, [torch.ones(2, requires_grad=True)], ones)
    net = torch.nn.Linear(3, 1)
    batch = torch.ones(4, 3), torch.ones(4)
    with pytest.raises(ValueError, match="reduction"):
        weighting["sample_weights"](net, lambda o, t: squares(o, t).mean(), batch, batch)


def irm_in_numpy(w, strength, square):
    """The expected loss, from moments that are summed over a grid of normal inputs."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(5)
    a, b, c = np.meshgrid(nodes, nodes, nodes)
    chance = np.einsum("i,j,k->jik", *[weights / weights.sum()] * 3)
    total = 0
    for noise in (0.5, 1.5):
        cause, y = noise * a, noise * (a + b)
        f = w[0] * cause + w[1] * (y + c)
        each = 2 * f * (f - y)
        mean = (chance * each).sum()
        spread = (chance * each**2).sum() - mean**2
        penalty = mean**2 + square * spread / 8
        total += (chance * (f - y) ** 2).sum() + strength * penalty
    return total / (1 + strength)


def test_experiments(values):
    """The product removes more of the effect than the square; weights beat flipped labels."""
    found = values(f"{FOLDER}.py")
    assert found["product"] < 0.42 < 0.46 < found["squared"] < found["none"]
    assert found["squared"] == pytest.approx(found["exact_squared"][0], abs=0.03)
    assert found["exact_none"] == pytest.approx(5 / 9, abs=1e-4)
    for square, ours in ((False, found["exact_product"]), (True, found["exact_squared"])):
        for strength, effect in zip((10, 1000), ours, strict=True):
            least = scipy.optimize.minimize(
                irm_in_numpy, [0.5, 0.5], args=(strength, square), tol=1e-10
            )
            assert effect == pytest.approx(least.x[1], abs=1e-3)
    strongest = scipy.optimize.minimize(irm_in_numpy, [0.5, 0.5], args=(1e5, True), tol=1e-10)
    assert strongest.x[1] > 0.48
    assert found["reweighted"] > found["plain"] + 0.15
    assert found["reweighted"] == pytest.approx(found["trusted_alone"], abs=0.02)
    by_hand = [-8, 128, -24]
    assert values(f"{FOLDER}/reweight.py")["slope"] == by_hand
