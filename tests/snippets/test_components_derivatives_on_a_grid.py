"""Derivatives on a grid: closed forms, differences, and what is refused."""

import numpy as np
import pytest
import torch

FOLDER = "recipes/derivatives_on_a_grid"
COMPONENT = f"{FOLDER}/grid.py"


@pytest.fixture
def grid(component):
    """The functions of the component."""
    return component(COMPONENT, "spectral", "difference", Tensor=torch.Tensor)


def points(n, length=2.0):
    return length / n * torch.arange(n, dtype=torch.float64)


@pytest.mark.parametrize("n", [32, 33])
@pytest.mark.parametrize("order", [1, 2, 3, 4])
def test_fourier_is_the_closed_form(grid, n, order):
    """Of cos(3 pi x) + sin(pi x), along any dimension, on even and odd grids."""
    x = points(n)
    k = np.pi * np.array([3, 1])
    phase = np.pi / 2 * order
    u = torch.cos(k[0] * x) + torch.sin(k[1] * x)
    expected = k[0] ** order * torch.cos(k[0] * x + phase)
    expected = expected + k[1] ** order * torch.sin(k[1] * x + phase)
    close = {"rtol": 0, "atol": 1e-7}
    batch = torch.stack([u, 2 * u])
    found = grid["spectral_derivative"](batch, 2.0, order)
    torch.testing.assert_close(found, torch.stack([expected, 2 * expected]), **close)
    found = grid["spectral_derivative"](batch.T, 2.0, order, dim=0)
    torch.testing.assert_close(found, torch.stack([expected, 2 * expected]).T, **close)


def test_fastest_wave(grid):
    """On an even grid its odd derivatives are zero, and its second one is minus the square."""
    u = (-1.0) ** torch.arange(8, dtype=torch.float64)
    assert grid["spectral_derivative"](u, 8.0).abs().max() < 1e-12
    second = grid["spectral_derivative"](u, 8.0, order=2)
    torch.testing.assert_close(second, -(torch.pi**2) * u)


def test_differences(grid):
    """They are exact for parabolas, of second order for others, and two points shorter."""
    x = points(16)
    u = (3 * x**2).expand(2, 16)
    torch.testing.assert_close(grid["difference"](u, 0.125), (6 * x)[1:-1].expand(2, 14))
    torch.testing.assert_close(grid["difference"](u, 0.125, 2), torch.full((2, 14), 6.0).double())
    torch.testing.assert_close(grid["difference"](u.T, 0.125, dim=0)[:, 0], (6 * x)[1:-1])
    errors = [
        (grid["difference"](torch.exp(points(n)), 2 / n) - torch.exp(points(n))[1:-1])[0].item()
        for n in (64, 128)
    ]
    assert errors[0] / errors[1] == pytest.approx(4, rel=0.05)


@pytest.mark.parametrize("name", ["spectral_derivative", "difference"])
def test_trains_and_follows_its_input(grid, name):
    """The slope of a loss on it is a difference of losses, in float32 too; and it is on meta."""
    wave = torch.sin(torch.pi * points(16))

    def loss(w):
        return grid[name](torch.tanh(w * wave), 2.0).square().mean()

    w = torch.tensor(0.7, dtype=torch.float64, requires_grad=True)
    (slope,) = torch.autograd.grad(loss(w), w)
    assert slope.item() == pytest.approx((loss(w + 1e-6) - loss(w - 1e-6)).item() / 2e-6, rel=1e-6)
    assert grid[name](wave.float(), 2.0).dtype == torch.float32
    assert grid[name](wave.to("meta"), 2.0).device.type == "meta"


def test_what_is_refused(grid):
    """Half precision and complex numbers, differences of the third order, and of two points."""
    for dtype in (torch.bfloat16, torch.complex64):
        with pytest.raises(TypeError, match="compute it in float32"):
            grid["spectral_derivative"](torch.ones(8, dtype=dtype), 1.0)
    with pytest.raises(ValueError, match="not 3"):
        grid["difference"](torch.ones(8), 1.0, order=3)
    with pytest.raises(ValueError, match="2 points along dimension 0: needs three"):
        grid["difference"](torch.ones(2, 8), 1.0, dim=0)
    assert grid["difference"](torch.ones(3, 8), 1.0, dim=0).shape == (1, 8)


def test_what_was_rounded_stays_rounded(grid):
    """The second derivative of a sine in bfloat16 is off by a third; in float32 it has no digit."""
    x = 2 * torch.pi / 64 * torch.arange(64)
    for u, least, most in ((torch.sin(x).bfloat16().float(), 1 / 3, 1), (torch.sin(x), 0, 1e-3)):
        off = (grid["spectral_derivative"](u, 2 * torch.pi, 2) + torch.sin(x)).abs().max()
        assert least < off < most


def test_waves_that_hold_rounding(grid):
    """On 1024 points, u_xx of float32 has one digit; without the waves above 16, it has five."""
    x = 2 * torch.pi / 1024 * torch.arange(1024, dtype=torch.float64)
    u, exact = torch.sin(x).float(), -torch.sin(x)
    off = [
        (grid["spectral_derivative"](u, 2 * torch.pi, 2, waves=waves) - exact).abs().max().item()
        for waves in (None, 16, 1)
    ]
    assert off[0] > 0.01 and max(off[1:]) < 1e-5
    # To cut them before, and go back to the grid, rounds once more.
    modes = torch.fft.rfft(u) * (torch.arange(513) < 17)
    before = grid["spectral_derivative"](torch.fft.irfft(modes, n=1024), 2 * torch.pi, 2)
    assert (before - exact).abs().max() > 0.01
    assert grid["spectral_derivative"](u, 2 * torch.pi, waves=0).abs().max() == 0


def test_the_sum_of_a_map_from_grid_to_grid(values):
    """It has the weight of the mean, 1, where the derivative has that of the wave, 1/2."""
    right, wrong = (values(f"{FOLDER}/{name}.py") for name in ("spectral", "columns"))
    assert right["u_x"] == right["gain"][1] == 0.5
    assert wrong["u_x"] == wrong["gain"][0] == 1
    found = values(f"{FOLDER}/accuracy.py")
    assert found["off_fourier"][0] < 1e-12 < found["off_difference"][1] < 1e-3
    assert found["off_fourier"][1] > 1


def test_functions_that_share_points(values):
    """Of x and 2x, the derivatives are 1 and 2; the sum has 3."""
    assert values(f"{FOLDER}/trunk.py")["u_x"] == [[1, 1], [2, 2]]
    assert values(f"{FOLDER}/trunk_sum.py")["u_x"] == [[3, 3], [3, 3]]


@pytest.mark.filterwarnings("ignore:.*torch.jit.script")
def test_a_trunk_by_jvp():
    """u_x and u_xx of three functions at four points are those of each alone, and train."""
    torch.manual_seed(0)
    branch = torch.randn(3, 8, dtype=torch.float64)
    trunk = torch.nn.Sequential(torch.nn.Linear(2, 8), torch.nn.Tanh(), torch.nn.Linear(8, 8))
    trunk, points = trunk.double(), torch.randn(4, 2, dtype=torch.float64)
    along = torch.tensor([1.0, 0.0], dtype=torch.float64).repeat(4, 1)

    def u(x):
        return branch @ trunk(x).T

    def u_x(x):
        return torch.func.jvp(u, (x,), (along,))[1]

    def u_xx(x):
        return torch.func.jvp(u_x, (x,), (along,))[1]

    for i in range(3):
        x = points.clone().requires_grad_()
        (first,) = torch.autograd.grad(u(x)[i].sum(), x, create_graph=True)
        (second,) = torch.autograd.grad(first[:, 0].sum(), x)
        torch.testing.assert_close(u_x(points)[i], first[:, 0])
        torch.testing.assert_close(u_xx(points)[i], second[:, 0])
    weight, losses = trunk[0].weight, []
    (slope,) = torch.autograd.grad(u_xx(points).square().mean(), weight)
    for step in (1e-6, -2e-6):
        with torch.no_grad():
            weight[0, 0] += step
        losses.append(u_xx(points).square().mean().item())
    assert slope[0, 0].item() == pytest.approx((losses[0] - losses[1]) / 2e-6, rel=1e-5)


def test_operator_trained_on_its_equation(values):
    """The solutions of u_xx = f are near those in closed form, which are right themselves."""
    found = values(f"{FOLDER}/fno.py")
    assert found["error"] < 0.05


def test_what_autograd_differentiates(values):
    """The Jacobian of the layer is its circulant matrix, by the columns of unit vectors."""
    n, gain = 16, np.array([1, 0.5, 0])

    def layer(a):
        u = np.fft.irfft(np.fft.rfft(a)[:3] * gain, n=n)
        return u + u**2

    a, h = np.sin(2 * np.pi / n * np.arange(n)), 1e-6
    J = np.array([(layer(a + h * e) - layer(a - h * e)) / (2 * h) for e in np.eye(n)]).T
    found = values("recipes/derivatives_on_a_grid/sensitivity.py")
    assert np.array(found["summed"]) == pytest.approx(J.sum(0), abs=1e-8)
    assert np.array(found["du"]) == pytest.approx(J @ np.linspace(0, 1, n), abs=1e-8)
    u = np.sin(2 * np.pi / n * np.arange(n)) / 2
    slope = (1 + 2 * u) * np.cos(2 * np.pi / n * np.arange(n)) / 2
    assert np.array(found["u_x"]) == pytest.approx(slope, abs=1e-12)


@pytest.mark.parametrize(
    ("act", "rough", "low", "high"),
    [
        (torch.nn.functional.gelu, False, 0, 1e-10),
        (torch.relu, False, 0.05, 1),
        (torch.nn.functional.gelu, True, 0.1, 2),
    ],
)
def test_slopes_pass_through_as_far_as_the_grid_resolves(act, rough, low, high):
    """Three Fourier layers commute with shifts by cells, and with a slope if it is resolved."""
    torch.manual_seed(0)
    n = 64
    gain = torch.randn(4, dtype=torch.complex128)
    waves = 1j * torch.arange(n // 2 + 1, dtype=torch.float64)
    waves[-1] = 0

    def slope(a):
        return torch.fft.irfft(waves * torch.fft.rfft(a), n=n)

    def operator(a):
        for _ in range(3):
            a = act(torch.fft.irfft(torch.fft.rfft(a)[:4] * gain, n=n) + a / 2)
        return a

    a = torch.sin(2 * torch.pi / n * torch.arange(n, dtype=torch.float64))
    a = torch.randn(n, dtype=torch.float64) if rough else a
    torch.testing.assert_close(operator(a.roll(1)), operator(a).roll(1))
    _, carried = torch.func.jvp(operator, (a,), (slope(a),))
    exact = slope(operator(a))
    assert low <= ((carried - exact).norm() / exact.norm()).item() <= high
