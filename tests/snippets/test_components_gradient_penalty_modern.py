"""The component of R1, R2, relativistic losses and path lengths, by itself."""

import numpy as np
import pytest
import torch

COMPONENT = "recipes/gradient_penalty_modern/critic_losses.py"
FOLDER = "recipes/gradient_penalty_modern"


@pytest.fixture
def losses(report):
    """The component's names, of its text as it is verified."""
    names = {}
    exec(report.verdicts[COMPONENT].snippet.text, names)
    return names


def critic(*extra):
    torch.manual_seed(0)
    nn = torch.nn
    first, last = nn.Conv2d(3, 8, 3, stride=2, padding=1), nn.Linear(8 * 16, 1)
    return nn.Sequential(first, *extra, nn.LeakyReLU(0.2), nn.Flatten(), last)


def images(count=6):
    return torch.randn(count, 3, 8, 8, generator=torch.Generator().manual_seed(1))


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_penalty_is_the_closed_form(losses, dtype):
    """For the critic w x^2 the penalty and its slope are known."""
    x = torch.tensor([[1.0, 2.0], [0.5, -1.0]], dtype=dtype)
    w = torch.tensor([0.5, -1.0], dtype=dtype, requires_grad=True)
    penalty = losses["slope_penalty"](lambda x: (x**2) @ w, x, 3.0)
    squares = (2 * x.numpy()) ** 2
    assert penalty.dtype == dtype
    assert penalty.item() == pytest.approx(1.5 * (squares @ [0.25, 1]).mean(), rel=1e-6)
    penalty.backward()
    expected = 1.5 * (2 * squares * [0.5, -1]).mean(axis=0)
    assert w.grad.numpy() == pytest.approx(expected, rel=1e-6)


def test_the_slope_on_the_page(values):
    """Kept, it has the part of the penalty; cut, it has that of the scores alone."""
    real, fake = np.array([[1, 2], [0.5, -1]]), np.array([[0, 1], [2, 0.5]])
    w = np.array([0.5, -1])
    apart = fake**2 - real**2
    game = (apart / (1 + np.exp(-apart @ w))[:, None]).mean(axis=0)
    penalty = (2 * (2 * real) ** 2 * w).mean(axis=0)
    loss = np.log1p(np.exp(apart @ w)).mean() + ((2 * real) ** 2 @ w**2).mean()
    for name, slope in (("kept", game + penalty), ("cut", game)):
        found = values(f"{FOLDER}/{name}.py")
        assert found["dloss_dw"] == pytest.approx(slope, abs=6e-5)
        assert found["loss"] == pytest.approx(loss, rel=1e-5)


def test_lazy_penalties_add_up(losses):
    """Over any whole number of intervals the factors are as many as the steps."""
    assert sum(losses["lazy"](step, 16) for step in range(64)) == 64
    assert [losses["lazy"](step, 3) for step in range(4)] == [3, 0, 0, 3]


def test_relativistic_loss_is_the_logistic_one(losses):
    """It is -log sigmoid of the difference, and refuses scores that are no pairs."""
    better, worse = torch.tensor([1.0, -2.0]), torch.tensor([0.5, 3.0])
    expected = np.log1p(np.exp([-0.5, 5.0])).mean()
    assert losses["relativistic_loss"](better, worse).item() == pytest.approx(expected, rel=1e-6)
    with pytest.raises(ValueError, match=r"scores of pairs, not \(2,\) and \(2, 1\)"):
        losses["relativistic_loss"](better, worse[:, None])


def test_path_length_of_a_linear_generator(losses):
    """For images A w, the mean squared length is the mean square of A's columns, summed."""
    torch.manual_seed(0)
    A = torch.randn(12, 4, requires_grad=True)
    latents = torch.randn(20000, 4, requires_grad=True)
    path = losses["PathLength"](decay=1.0)
    penalty = path((latents @ A.T).reshape(-1, 3, 2, 2), latents)
    # With decay 1 the mean is that of this batch, and the penalty is the variance.
    mean_square = penalty.item() + path.mean.item() ** 2
    # The noise is divided by the root of the pixels of one channel, as in StyleGAN2.
    assert mean_square == pytest.approx((A.detach() ** 2).sum().item() / 4, rel=0.03)
    penalty.backward()
    assert A.grad.abs().max() > 0


def test_path_length_of_zero_has_a_gradient(losses):
    """A latent that moves no pixel gives no nan; several layers are a mean over them."""
    w = torch.ones(3, 2, 4, requires_grad=True)
    at = torch.zeros(3, 2, 4)
    at[1:] = torch.randn(2, 2, 4)
    latents = at.requires_grad_()
    images = (w * latents.square()).sum((1, 2))[:, None, None, None] * torch.ones(1, 3, 2, 2)
    penalty = losses["PathLength"](decay=1.0)(images, latents)
    (slope,) = torch.autograd.grad(penalty, w)
    assert slope.isfinite().all() and slope[1:].any()


def test_pairs(values):
    """The root is not finite where a length is zero; R1 leaves the last bias alone."""
    folder = "recipes/gradient_penalty_modern/"
    right, wrong = (values(folder + f"path_{name}.py") for name in ("norm", "root"))
    assert right["finite"] and not wrong["finite"]
    assert right["penalty"] == pytest.approx(wrong["penalty"], rel=1e-3)
    assert values(folder + "zero_times.py")["bias"] == [0]


def test_path_length_refuses_other_latents(losses):
    """Images that do not come from the latents have no path."""
    latents = torch.randn(5, 4, requires_grad=True)
    w = torch.ones(5, 3, 2, 2, requires_grad=True)
    with pytest.raises(RuntimeError, match="do not come from these latents"):
        losses["PathLength"]()(w * 2, latents)


def test_on_the_meta_device(losses):
    """Everything is made on the device of the samples."""
    penalty = losses["slope_penalty"](critic().to("meta"), images().to("meta"), 1.0)
    assert penalty.device.type == "meta"
    path = losses["PathLength"]().to("meta")
    latents = torch.randn(5, 12, device="meta", requires_grad=True)
    weight = torch.ones((), device="meta", requires_grad=True)
    assert path((weight * latents).reshape(5, 3, 2, 2), latents).device.type == "meta"


def test_autocast_does_not_reach_the_penalty(losses):
    """Under autocast the penalty is that without."""
    D, x = critic(), images()
    plain = losses["slope_penalty"](D, x, 1.0)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert D(x).dtype == torch.bfloat16
        assert torch.equal(losses["slope_penalty"](D, x, 1.0), plain)


def test_slope_is_that_of_differences(losses):
    """In float64, with group norm, the gradient of the penalty is that of differences."""
    D, x = critic(torch.nn.GroupNorm(2, 8)).double(), images().double()
    weight = D[0].weight
    (slope,) = torch.autograd.grad(losses["slope_penalty"](D, x, 1.0), weight)
    direction, step, ends = torch.randn_like(weight), 1e-5, []
    for sign in (1, -1):
        with torch.no_grad():
            weight += sign * step * direction
        ends.append(losses["slope_penalty"](D, x, 1.0).item())
        with torch.no_grad():
            weight -= sign * step * direction
    found = (slope * direction).sum().item()
    assert found == pytest.approx((ends[0] - ends[1]) / (2 * step), rel=1e-4)


def test_training_a_critic(losses):
    """R1 and R2 bring the slope down in a critic with dropout and a frozen layer."""
    D = critic(torch.nn.GroupNorm(2, 8), torch.nn.Dropout(0.1))
    D[0].requires_grad_(False)
    real, fake = images(), images() + 0.5
    slopes = {}
    for gamma in (0.0, 20.0):
        net = critic(torch.nn.GroupNorm(2, 8), torch.nn.Dropout(0.1))
        net.load_state_dict(D.state_dict())
        net[0].requires_grad_(False)
        optimizer = torch.optim.Adam([p for p in net.parameters() if p.requires_grad], lr=0.01)
        for step in range(20):
            optimizer.zero_grad()
            loss = losses["relativistic_loss"](net(real), net(fake))
            if factor := losses["lazy"](step, 2):
                for samples in (real, fake):
                    loss = loss + factor * losses["slope_penalty"](net, samples, gamma)
            loss.backward()
            optimizer.step()
        slopes[gamma] = losses["slope_penalty"](net.eval(), real, 2.0).item()
    assert slopes[20.0] < slopes[0.0] / 2


def test_what_is_refused(losses):
    """Scores per patch, and critics that nothing trains, each have a message."""
    with pytest.raises(ValueError, match=r"each of 6 samples, not \(6, 8, 4, 4\)"):
        losses["slope_penalty"](critic()[0], images(), 1.0)
    w = torch.ones(3, requires_grad=True)
    with pytest.raises(RuntimeError, match="is the critic frozen"):
        losses["slope_penalty"](lambda x: x.sum((1, 2, 3)) + w.sum(), images(), 1.0)


def test_games_end_as_the_matrices_say(values):
    """A lazy penalty with its factor converges while h gamma k stays below 2."""
    found = values("recipes/gradient_penalty_modern.py")
    assert found["game_error"] < 1e-12
    h, ends = 0.1, {}
    for k in (16, 32):
        round_of = [np.array([[1, -h], [h, 1 - h * strength]]) for strength in (0, k)]
        cycle = np.linalg.matrix_power(round_of[0], k - 1) @ round_of[1]
        ends[k] = np.abs(np.linalg.eigvals(cycle)).max()
    assert ends[16] < 1 < ends[32]
    assert found["left"][0] > 1e3


def test_costs_and_backward(values):
    """R1 costs as much again as the step; two backward passes add up to one."""
    found = values("recipes/gradient_penalty_modern.py")
    assert found["backward_error"] < 1e-5
    assert found["both"] - found["plain"] == 2 * (found["r1"] - found["plain"])


@pytest.mark.parametrize(
    ("name", "factor"),
    [
        ("recipes/gradient_penalty_modern/in_parts.py", 80),
        ("pitfalls/backward_create_graph/assign_or_add.py", 1),
    ],
)
def test_a_penalty_in_parts(values, name, factor):
    """The parts add up to the gradient of the whole penalty, by differences of its formula."""
    torch.manual_seed(0)
    layers = torch.nn.Linear(2, 8), torch.nn.Linear(8, 1)
    W, b, v, _ = (p.detach().double().numpy() for layer in layers for p in layer.parameters())
    x = torch.randn(16, 2).double().numpy()

    def penalty(W):
        slope = (1 - np.tanh(x @ W.T + b) ** 2) * v @ W
        return factor * np.square(slope).sum(1).mean()

    true = np.zeros((8, 2))
    for index in np.ndindex(8, 2):
        move = np.zeros((8, 2))
        move[index] = 1e-6
        true[index] = (penalty(W + move) - penalty(W - move)) / 2e-6
    found = values(name)
    assert found["norm"] == pytest.approx(np.linalg.norm(true), rel=1e-4)
