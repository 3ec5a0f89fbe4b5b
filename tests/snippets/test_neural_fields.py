"""Oracles for gradients of neural fields: closed forms, and a hash grid in NumPy."""

from collections.abc import Sequence

import numpy as np
import pytest
import torch

FOLDER = "recipes/neural_fields/"


def test_warp(values):
    """The gradient in the observed space is that in the canonical one, times the Jacobian."""
    A, x = np.array([[2, 0.5], [0, 1]]), np.array([0.5, 1])
    found = values(FOLDER + "warp.py")
    assert found["of_warped"][0] == pytest.approx(A @ x)
    assert found["of_point"][0] == pytest.approx(A.T @ A @ x)


def test_normals(values):
    """The mean angle by the field's own derivative, and by its differences, in NumPy."""
    x = np.random.default_rng(0).standard_normal((100_000, 3))
    x /= np.linalg.norm(x, axis=1)[:, None]

    def degrees(step):
        ripple = 80 * np.cos(80 * x)
        if step:
            ripple = (np.sin(80 * (x + step)) - np.sin(80 * (x - step))) / (2 * step)
        n = x - 0.01 * ripple
        cosine = (n * x).sum(1) / np.linalg.norm(n, axis=1)
        return np.rad2deg(np.arccos(np.clip(cosine, -1, 1))).mean()

    expected = [degrees(step) for step in (0, 0.1, 0.01, 0.001)]
    assert values(FOLDER + "normals.py")["degrees"] == pytest.approx(expected, rel=0.1)


def test_units(values):
    """sin(3 x) has the slope 3 at 0; a difference per pixel is smaller by the pixels' distance."""
    right, wrong = (values(FOLDER + f"{name}.py")["target"] for name in ("coordinates", "pixels"))
    assert right == pytest.approx(3, rel=1e-3)
    assert wrong * 50 == pytest.approx(3, rel=2e-3)


@pytest.fixture
def grid(component):
    """The component's class."""
    return component(FOLDER + "encoding.py", "encoding", Tensor=torch.Tensor, Sequence=Sequence)


def test_grid(grid, values):
    """The slope of one feature from its four corners, by hand; of second ones, the mixed one."""
    torch.manual_seed(0)
    net = grid["HashGrid"]()
    x, y = 0.312 * 32, 0.481 * 32
    i, j = int(x), int(y)
    table = net.tables[1].detach().numpy()

    def corner(a, b):
        return table[((i + a) ^ ((j + b) * 2654435761)) % 2**12, 0]

    v = y - j
    slope = 32 * ((1 - v) * (corner(1, 0) - corner(0, 0)) + v * (corner(1, 1) - corner(0, 1)))
    found = values(FOLDER + "grid.py")["g"][0][0]
    assert found == pytest.approx(slope, rel=1e-4)
    points = torch.rand(5, 2, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(net.double(), points)
    assert torch.autograd.gradgradcheck(lambda x: net(x).square(), points)
    (g,) = torch.autograd.grad(net(points).sum(), points, create_graph=True)
    (twice,) = torch.autograd.grad(g[:, 0].sum(), points, retain_graph=True)
    assert twice[:, 0].abs().max() < 1e-9 < 1e-3 < twice[:, 1].abs().min()
    assert torch.autograd.grad(g.pow(2).sum(), net.tables)[0].any()


def test_grid_follows_and_refuses(grid):
    """Dtype and device are those of the tables; points outside the square have features too."""
    net = grid["HashGrid"]((4, 8, 16), size=64)
    assert net(torch.tensor([[-0.3, 1.7]])).shape == (1, 6)
    assert net(torch.rand(0, 2)).shape == (0, 6)
    assert net.double()(torch.rand(3, 2, dtype=torch.float64)).dtype == torch.float64
    assert net.to("meta")(torch.rand(3, 2, device="meta")).device.type == "meta"
    for shape in ((3,), (3, 3), (2, 3, 2)):
        with pytest.raises(ValueError, match="points are"):
            net(torch.zeros(shape))


def test_experiments(values):
    """Slopes are those of differences; a picture in pixels has the contrast of the units."""
    found = values("recipes/neural_fields.py")
    assert found["slopes"] == pytest.approx(found["differences"], rel=1e-6)
    assert found["contrast"] == pytest.approx([2 / 100] * 3, rel=0.05)
    assert max(found["off_units"]) < 0.05
    for sharp, wide in zip(found["off_autograd"], found["off_differences"], strict=True):
        assert sharp > wide[0] > wide[1] > wide[2] > wide[3] > 0
        assert wide[2] < 2 / 3 * sharp


def test_normal_of_no_gradient():
    """It is finite, and its own derivative is 1 / eps: what a loss on it is multiplied by."""
    g = torch.zeros(3, requires_grad=True)
    n = torch.nn.functional.normalize(g, dim=-1, eps=1e-6)
    assert n.tolist() == [0, 0, 0]
    assert torch.autograd.grad(n[0], g)[0].tolist() == pytest.approx([1e6, 0, 0])


def test_laplacian(report, values):
    """2 / |x| outside the middle: the error falls, then rounding takes over."""
    errors = values(FOLDER + "laplacian.py")["errors"]
    assert errors[0] < 0.05 and min(errors) == errors[2] < 0.002 and errors[4] > 1
    names = {}
    exec(report.verdicts[FOLDER + "laplacian.py"].snippet.text, names)
    points = names["points"].double()
    found = names["laplacian"](names["field"], points, 1e-3)
    assert found.tolist() == pytest.approx([4] * len(points), rel=1e-4)
    # In half precision: a few percent at a tenth, nothing but noise at a hundredth.
    for dtype, most in ((torch.float16, 0.02), (torch.bfloat16, 0.1)):
        off = [
            (names["laplacian"](names["field"], points.to(dtype), step).float() / 4 - 1)
            .abs()
            .mean()
            for step in (0.1, 0.03, 0.01)
        ]
        assert off[0] < most and off[1] > 0.1 and off[2] > 0.9


def test_differences(values):
    """A bilinear grid by central differences, in NumPy."""
    found = values(FOLDER + "differences.py")
    grid = np.array(found["grid"])[0, 0]

    def f(x, y):
        u, v = (x + 1) / 2 * 7, (y + 1) / 2 * 7
        i, j = int(u), int(v)
        u, v = u - i, v - j
        top = grid[j, i] * (1 - u) + grid[j, i + 1] * u
        low = grid[j + 1, i] * (1 - u) + grid[j + 1, i + 1] * u
        return top * (1 - v) + low * v

    h = 0.1
    expected = [
        [(f(x + h, y) - f(x - h, y)) / (2 * h), (f(x, y + h) - f(x, y - h)) / (2 * h)]
        for x, y in ((0.3, -0.2), (-0.6, 0.5))
    ]
    assert found["normals"] == [pytest.approx(row, abs=1e-4) for row in expected]


def test_derivative_network(report):
    """Central differences of the network, and of the mean square of its slope in one weight."""
    names = {}
    exec(report.verdicts[FOLDER + "siren_derivative.py"].snippet.text, names)
    W = [layer.double() for layer in names["W"]]
    x, h = torch.rand(4, 2, dtype=torch.float64), 1e-6
    with torch.no_grad():
        steps = h * torch.eye(2, dtype=torch.float64)
        found = [(names["siren"](x + s) - names["siren"](x - s))[:, 0] / (2 * h) for s in steps]
        assert torch.allclose(names["siren_gradient"](x), torch.stack(found, 1), rtol=1e-5)
    assert names["values_agree"] and names["weights_agree"]
    loss = names["siren_gradient"](x).pow(2).mean()
    (slope,) = torch.autograd.grad(loss, W[1].weight)
    found = []
    with torch.no_grad():
        for sign in (1, -1):
            W[1].weight[0, 0] += sign * h
            found.append(names["siren_gradient"](x).pow(2).mean().item())
            W[1].weight[0, 0] -= sign * h
    assert slope[0, 0].item() == pytest.approx((found[0] - found[1]) / (2 * h), rel=1e-5)


def bilinear(plane, p):
    """Read a plane between its entries; corners are at -1 and 1."""
    (x, y), n = (np.asarray(p) + 1) / 2 * (len(plane) - 1), len(plane) - 2
    i, j = min(int(x), n), min(int(y), n)
    u, v = x - i, y - j
    below = (1 - u) * plane[j, i] + u * plane[j, i + 1]
    return (1 - v) * below + v * ((1 - u) * plane[j + 1, i] + u * plane[j + 1, i + 1])


def test_grid_modes(report):
    """Second differences within a cell: none along an axis, and the mixed one of the corners."""
    text = report.verdicts[FOLDER + "grid_modes.py"].snippet.text
    assert "#> bilinear: along the axes 0.00, mixed -6.67" in text
    torch.manual_seed(0)
    plane, h = torch.randn(1, 1, 5, 5, dtype=torch.float64).numpy()[0, 0], 1e-3
    p, a, b = np.array([0.13, 0.21]), np.array([h, 0]), np.array([0, h])
    corners = [bilinear(plane, p + s * a + t * b) for s in (1, -1) for t in (1, -1)]
    mixed = (corners[0] - corners[1] - corners[2] + corners[3]) / (4 * h**2)
    assert mixed == pytest.approx(-6.67, abs=0.005)
    for step in (a, b):
        second = bilinear(plane, p + step) - 2 * bilinear(plane, p) + bilinear(plane, p - step)
        assert second / h**2 == pytest.approx(0, abs=1e-6)


def test_grid_normals(values):
    """The normal is that of the scene: differences of a bilinear plane, over the box's sides."""
    torch.manual_seed(0)
    plane, h = torch.randn(1, 1, 8, 8).double().numpy()[0, 0], 1e-5
    low, high, x = np.array([-2, -2]), np.array([2, 6]), np.array([0.3, 1.7])

    def at(x):
        return bilinear(plane, 2 * (x - low) / (high - low) - 1)

    true = [(at(x + s) - at(x - s)) / (2 * h) for s in h * np.eye(2)]
    found = values(FOLDER + "grid_normals.py")
    assert found["g"][0] == pytest.approx(true, rel=1e-4)
    assert found["entries"] == 4


def test_normals_of_an_exponential(values):
    """The direction of a plane wave's slope, with or without a rising function of it."""
    assert values(FOLDER + "exp.py")["before"] == pytest.approx([-0.6, -0.8], abs=1e-3)


def test_factors(report):
    """The gradient of the factors is a difference of the field, which NumPy interpolates."""
    names = {}
    exec(report.verdicts[FOLDER + "factors.py"].snippet.text, names)
    a, b, x = (names[name].detach().numpy() for name in ("a", "b", "x"))
    torch.set_default_dtype(torch.float32)
    grid, cell = np.linspace(-1, 1, 32), 2 / 31

    def field(x):
        pairs = zip(a[0], b[0], strict=True)
        return sum(np.interp(x[:, 0], grid, f) * np.interp(x[:, 1], grid, g) for f, g in pairs)

    moves = cell * np.eye(2)
    truth = [(field(x + m) - field(x - m)) / (2 * cell) for m in moves]
    assert pytest.approx(np.array(truth), rel=1e-6, abs=1e-9) == names["g"].detach().numpy().T
