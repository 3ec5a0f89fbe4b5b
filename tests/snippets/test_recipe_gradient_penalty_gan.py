"""Oracles for WGAN-GP and R1: optima in closed form, and games played by a matrix."""

import numpy as np
import pytest
import torch
from scipy.optimize import minimize_scalar

RECIPE = "recipes/gradient_penalty_gan.py"
H, ROUNDS = 0.1, 600


def steepest(strength, distance=5):
    """The slope s that is best for s * distance - strength * (s - 1)^2."""
    found = minimize_scalar(lambda s: strength * (s - 1) ** 2 - s * distance, bracket=(0, 10))
    return found.x


def play(gamma, rounds=ROUNDS):
    """After so many rounds: what is left to go, and the critic's weights."""
    one_round = np.array([[1, -H], [H, 1 - H * gamma]])
    return np.linalg.matrix_power(one_round, rounds) @ np.array([[3, 4], [0.3, 0.4]])


@pytest.mark.parametrize("strength", [1, 10, 100])
def test_the_optimum_has_a_closed_form(strength):
    """The best slope is 1 + distance / (2 strength)."""
    assert steepest(strength) == pytest.approx(1 + 5 / (2 * strength), rel=1e-6)


def test_linear_critic(values):
    """A linear critic arrives at the optimum exactly; cut, it grows by the same step for ever."""
    right = values("recipes/gradient_penalty_gan/slope.py")
    cut = values("recipes/gradient_penalty_gan/slope_cut.py")
    assert right["slope"] == pytest.approx(1.25, rel=1e-12)
    assert right["estimate"] == pytest.approx(6.25, rel=1e-12)
    assert right["w"] == pytest.approx([1.25 * 3 / 5, 1.25 * 4 / 5])
    assert -right["loss"] == pytest.approx(5 + 5**2 / (4 * 10), rel=1e-12)
    assert right["estimate"] == pytest.approx(5 + 5**2 / (2 * 10), rel=1e-12)
    before = np.array([1, 0]) + 199 * 0.05 * np.array([3, 4])
    penalty = (np.linalg.norm(before) - 1) ** 2
    assert cut["penalty"] == pytest.approx(penalty)
    assert cut["loss"] == pytest.approx(10 * penalty - before @ np.array([3, 4]))
    steps = np.array([1, 0]) + 200 * 0.05 * np.array([3, 4])
    assert cut["slope"] == pytest.approx(np.linalg.norm(steps), rel=1e-12)
    assert cut["slope"] != pytest.approx(1.25, rel=1e-1)


def test_network_critics(values):
    """Nine critics, three strengths and three seeds, are within half a percent of the optimum."""
    drawn = values(RECIPE)
    assert [drawn["line"][0], drawn["line"][-1]] == pytest.approx([0.7, 200])
    assert drawn["optimum"] == pytest.approx([5 * steepest(s) for s in drawn["line"]], rel=1e-6)
    found = np.array(drawn["found"])
    optima = np.array([[steepest(s), 5 * steepest(s)] for s in (1, 10, 100)])
    expected = np.broadcast_to(optima[:, None], (3, 3, 2))
    assert found == pytest.approx(expected, rel=5e-3)
    assert found != pytest.approx(np.full((3, 3, 2), [1, 5]), rel=5e-3)


def test_a_cut_critic_has_no_scale(values):
    """Cut, the critic is the one without a penalty, hundreds of times too steep."""
    found = values(RECIPE)
    assert found["inert"] is True
    assert found["slope_cut"] > 100 * found["slope_right"]
    assert found["slope_cut"] != pytest.approx(1.25, rel=5e-3)


def test_layer_norm_keeps_samples_apart(values):
    """Other samples move the critic's value with batch norm, and not with layer norm."""
    layer, batch = values(RECIPE)["changes"]
    assert layer < 1e-14
    assert batch > 1e-3


def test_r1_plays_as_the_matrix_does(values):
    """With gamma / 2 the game is the matrix; without the half, or cut, it is another game."""
    found = values(RECIPE)
    assert found["r1_error"] < 1e-12
    for error, gamma in (("double_error", 2), ("cut_error", 0)):
        apart = [play(gamma, k) - play(1, k) for k in range(1, ROUNDS + 1)]
        assert found[error] == pytest.approx(np.abs(apart).max(), rel=1e-10)
        assert found[error] > 1
    assert found["left_r1"] == pytest.approx(np.linalg.norm(play(1)[0]), rel=1e-6)
    assert found["left_cut"] == pytest.approx(np.linalg.norm(play(0)[0]), rel=1e-10)
    assert found["r1_inert"] is True


def test_wgan_gp_circles(values):
    """WGAN-GP with one step each stays on a circle of radius 1 / (1 - h / 2)."""
    left = values(RECIPE)["left_gp"]
    assert left == pytest.approx(1 / (1 - H / 2), rel=1e-6)
    assert left != pytest.approx(0, abs=1)


@pytest.mark.parametrize("strength", [1, 10, 100])
def test_the_loss_is_off_by_half_of_the_estimate(strength):
    """At the best slope, -L exceeds the distance by its square / (4 strength)."""
    s = steepest(strength)
    assert 5 * s - strength * (s - 1) ** 2 == pytest.approx(5 + 25 / (4 * strength), rel=1e-6)
    assert 5 * s == pytest.approx(5 + 25 / (2 * strength), rel=1e-6)


@pytest.fixture
def penalties(component):
    """The page's functions, without its dtype."""
    return component(RECIPE, "penalty", Callable=object)


DTYPES = pytest.mark.parametrize("dtype", [torch.float32, torch.float64])


@DTYPES
def test_penalties_of_a_linear_critic(penalties, dtype):
    """The slope of a linear critic is its weight, for images as well, on any device."""
    w = torch.linspace(-1, 1, 12, dtype=dtype)
    real, fake = torch.ones(5, 3, 2, 2, dtype=dtype), torch.zeros(5, 3, 2, 2, dtype=dtype)

    def D(x):
        return x.flatten(1) @ w.to(x.device)

    found = penalties["gradient_penalty"](D, real, fake), penalties["r1"](D, real)
    assert [P.dtype for P in found] == [dtype, dtype]
    expected = [(w.norm() - 1) ** 2, w @ w]
    assert [P.item() for P in found] == pytest.approx([e.item() for e in expected], rel=1e-6)
    elsewhere = penalties["gradient_penalty"](D, real.to("meta"), fake.to("meta"))
    assert elsewhere.device.type == "meta"


@DTYPES
@pytest.mark.parametrize("activation", [torch.nn.ReLU, torch.nn.SiLU])
def test_a_critic_trains_on_the_penalties(penalties, dtype, activation):
    """In steps of Adam, each penalty falls by half, from a gradient that differences confirm."""
    torch.manual_seed(0)
    real, fake = torch.randn(16, 2, dtype=dtype) + 2, torch.randn(16, 2, dtype=dtype)
    half = torch.full((16, 1), 0.5, dtype=dtype)
    for name, given in (("gradient_penalty", (real, fake, half)), ("r1", (real,))):
        layers = torch.nn.Linear(2, 16), activation(), torch.nn.Linear(16, 1)
        D = torch.nn.Sequential(*layers).to(dtype)
        optimizer = torch.optim.Adam(D.parameters(), lr=0.01)
        P = penalties[name](D, *given)
        first, (gradient,) = P.item(), torch.autograd.grad(P, D[2].weight)
        moved = [first]
        if dtype == torch.float64:
            for step in (1e-6, -2e-6, 1e-6):
                with torch.no_grad():
                    D[2].weight[0, 0] += step
                moved.append(penalties[name](D, *given).item())
            assert gradient[0, 0].item() == pytest.approx((moved[1] - moved[2]) / 2e-6, rel=1e-5)
        for _ in range(100):
            optimizer.zero_grad()
            penalties[name](D, *given).backward()
            optimizer.step()
        assert penalties[name](D, *given).item() < first / 2


def test_a_critic_that_gives_several_numbers_is_refused(penalties):
    """Their sum would be differentiated; so would be what broadcasting makes of other shapes."""
    real = torch.ones(5, 2)
    with pytest.raises(ValueError, match="one number for each"):
        penalties["r1"](lambda x: x, real)
    with pytest.raises(ValueError, match="need pairs"):
        penalties["gradient_penalty"](lambda x: x.sum(dim=1), real, torch.ones(1, 2))


def convolutions():
    torch.manual_seed(0)
    layers = torch.nn.Conv2d(3, 4, 3, 2, 1), torch.nn.LeakyReLU(0.2), torch.nn.Flatten()
    return torch.nn.Sequential(*layers, torch.nn.Linear(64, 1))


def images(count=4):
    return torch.randn(2, count, 3, 8, 8, generator=torch.Generator().manual_seed(0))


def test_in_a_critic_of_images(penalties):
    """Under autocast, in channels last and behind a checkpoint, it is the same."""
    D, (real, fake) = convolutions(), images()
    half = torch.full((4, 1, 1, 1), 0.5)
    expected = penalties["gradient_penalty"](D, real, fake, half)
    expected.backward()
    gradient = D[0].weight.grad.clone()

    def behind(x):
        return torch.utils.checkpoint.checkpoint(D, x, use_reentrant=False)

    last = {"memory_format": torch.channels_last}
    for critic, given in ((behind, (real, fake)), (D, (real.to(**last), fake.to(**last)))):
        D.zero_grad()
        found = penalties["gradient_penalty"](critic, *given, half)
        found.backward()
        torch.testing.assert_close(found, expected)
        torch.testing.assert_close(D[0].weight.grad, gradient)
    with torch.autocast("cpu", torch.bfloat16):
        found = penalties["gradient_penalty"](D, real, fake, half)
    torch.testing.assert_close(found, expected, rtol=0.05, atol=0)
    assert penalties["r1"](D, real[:1]) > 0


def test_what_is_seen_in_a_real_critic(penalties):
    """Reentrant checkpoints, bytes, patches and no_grad raise."""
    D, (real, _) = convolutions(), images()

    def reentrant(x):
        return torch.utils.checkpoint.checkpoint(D, x, use_reentrant=True)

    with pytest.raises(RuntimeError, match=r"incompatible with \.grad"):
        penalties["r1"](reentrant, real)
    with pytest.raises(RuntimeError, match="floating point dtype"):
        penalties["r1"](D, real.byte())
    with pytest.raises(ValueError, match=r"D gives \(4, 4, 4, 4\) for 4 samples"):
        penalties["r1"](D[0], real)
    with torch.no_grad(), pytest.raises(RuntimeError, match="does not require grad"):
        penalties["r1"](D, real)


def test_only_inputs_is_ignored():
    """With a warning if it is False; the weights get no gradient in either case."""
    x, w = torch.ones(2, requires_grad=True), torch.ones(2, requires_grad=True)
    said = "only_inputs argument is deprecated and is ignored now"
    with pytest.warns(FutureWarning, match=said):
        torch.autograd.grad((x * w).sum(), x, only_inputs=False)
    torch.autograd.grad((x * w).sum(), x, only_inputs=True)
    assert w.grad is None


def test_a_critic_without_any_slope(penalties):
    """Its penalty is 1, and the gradient of that is zero, and not nan."""
    D = torch.nn.Sequential(torch.nn.Linear(2, 4), torch.nn.ReLU(), torch.nn.Linear(4, 1))
    with torch.no_grad():
        D[0].bias.fill_(-100)
    P = penalties["gradient_penalty"](D, torch.zeros(3, 2), torch.ones(3, 2))
    P.backward()
    assert P.item() == 1
    assert all(p.grad is None or not p.grad.any() for p in D.parameters())


def test_the_cut_spiral_widens(values):
    """Distance and slope, together and not each, grow by the root of 1 + h² in each round."""
    sizes = [np.linalg.norm(play(0, k)) for k in range(1, ROUNDS)]
    assert np.divide(sizes[1:], sizes[:-1]) == pytest.approx(np.sqrt(1 + H**2), rel=1e-12)
    left = [np.linalg.norm(play(0, k)[0]) for k in range(1, ROUNDS)]
    assert min(np.divide(left[1:], left[:-1])) < 1


def test_normalized_states(report):
    """Slopes of a layer of tanh, by hand; in raw units each is divided by the deviation."""
    names = {}
    exec(report.verdicts["recipes/gradient_penalty_gan/gail.py"].snippet.text, names)
    W, b, v = (p.detach().double().numpy() for p in list(names["D"].parameters())[:3])
    torch.manual_seed(1)
    mixture = torch.lerp(names["policy"], names["expert"], torch.rand(8, 1)).numpy()
    mean, std = names["mean"].numpy(), names["std"].numpy()
    normalized = (1 - np.tanh((mixture - mean) / std @ W.T + b) ** 2) * v[0] @ W
    for slope, found in ((normalized, "normalized"), (normalized / std, "raw")):
        penalty = ((np.linalg.norm(slope, axis=1) - 1) ** 2).mean()
        assert names["penalties"][found] == pytest.approx(penalty, rel=1e-4)
