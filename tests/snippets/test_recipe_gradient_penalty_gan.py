"""Oracles for WGAN-GP and R1: optima in closed form, and games played by a matrix."""

import numpy as np
import pytest
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
