"""The component of signed distance fields, by itself: dtypes, devices, and what it raises."""

import numpy as np
import pytest
import sympy
import torch
from torch.nn.functional import grid_sample

COMPONENT = "recipes/signed_distance/eikonal.py"


@pytest.fixture
def eikonal(report):
    """The component's names, of its text as it is verified."""
    names = {}
    exec(report.verdicts[COMPONENT].snippet.text, names)
    return names


def network(*layers):
    torch.manual_seed(0)
    return torch.nn.Sequential(torch.nn.Linear(3, 16), *layers, torch.nn.Linear(16, 1))


def plane_wave(x, w):
    return torch.sin(x @ w)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_gradient_and_loss_are_the_closed_form(eikonal, dtype):
    """Of sin(w x), the gradient is cos(w x) w, and the loss's slope is that of SymPy."""
    w = torch.tensor([0.6, -0.3], dtype=dtype, requires_grad=True)
    points = torch.tensor([[0.5, -1.0], [0.3, 0.8]], dtype=dtype)
    f, g = eikonal["field_gradient"](lambda x: plane_wave(x, w), points)
    a, b = sympy.symbols("a b")
    loss = sum(
        (sympy.sqrt((sympy.cos(a * x + b * y) ** 2) * (a**2 + b**2)) - 1) ** 2 / 2
        for x, y in points.tolist()
    )
    at = {a: 0.6, b: -0.3}
    slopes = [float(loss.diff(symbol).subs(at)) for symbol in (a, b)]
    assert f.dtype == g.dtype == dtype
    cosines = np.cos(points.numpy() @ [0.6, -0.3])
    assert g.detach().numpy() == pytest.approx(np.outer(cosines, [0.6, -0.3]), rel=1e-6)
    found = eikonal["eikonal_loss"](g)
    assert found.item() == pytest.approx(float(loss.subs(at)), rel=1e-6)
    (slope,) = torch.autograd.grad(found, w)
    assert slope.tolist() == pytest.approx(slopes, rel=1e-5)


def test_the_slope_on_the_page_is_that_of_sympy(values):
    """Kept, it is the derivative; cut, it is that of the values alone."""
    a, b = sympy.symbols("a b")
    points = [(0.5, -1.0), (0.3, 0.8)]
    data = sum(sympy.sin(a * x + b * y) ** 2 / 2 for x, y in points)
    steep = sum(
        (sympy.sqrt(sympy.cos(a * x + b * y) ** 2 * (a**2 + b**2)) - 1) ** 2 / 2 for x, y in points
    )
    at = {a: 0.6, b: -0.3}
    for name, loss in (("kept", data + steep), ("cut", data)):
        found = values(f"recipes/signed_distance/{name}.py")
        slopes = [float(loss.diff(symbol).subs(at)) for symbol in (a, b)]
        assert found["dloss_dw"] == pytest.approx(slopes, abs=6e-5)
        assert found["loss"] == pytest.approx(float((data + steep).subs(at)), rel=1e-5)


def test_differences_have_an_error_of_second_order(eikonal):
    """Half the step is a quarter of the error, and the gradient trains."""
    w = torch.tensor([0.6, -0.3], dtype=torch.float64, requires_grad=True)
    points = torch.tensor([[0.5, -1.0], [0.3, 0.8]], dtype=torch.float64)
    exact = torch.cos(points @ w)[:, None] * w
    errors = []
    for step in (0.2, 0.1):
        g = eikonal["difference_gradient"](lambda x: plane_wave(x, w), points, step)
        assert g.requires_grad
        errors.append((g - exact).abs().max().item())
    assert errors[0] / errors[1] == pytest.approx(4, rel=0.01)


@pytest.mark.parametrize("way", ["field_gradient", "difference_gradient"])
def test_on_the_meta_device(eikonal, way):
    """Everything is made on the device of the points."""
    field = network(torch.nn.Softplus()).to("meta")
    points = torch.zeros(5, 3, device="meta")
    more = (0.1,) if way == "difference_gradient" else ()
    g = eikonal[way](field, points, *more)
    g = g if torch.is_tensor(g) else g[1]
    assert g.shape == (5, 3) and g.device.type == "meta"


def test_autocast_does_not_reach_the_gradient(eikonal):
    """Under autocast the numbers are those without."""
    field, points = network(torch.nn.Softplus()), torch.randn(5, 3)
    _, plain = eikonal["field_gradient"](field, points)
    differences = eikonal["difference_gradient"](field, points, 0.1)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        f, g = eikonal["field_gradient"](field, points)
        assert torch.equal(eikonal["difference_gradient"](field, points, 0.1), differences)
        assert field(points).dtype == torch.bfloat16
    assert f.dtype == torch.float32
    assert torch.equal(g, plain)


def test_compiled_field(eikonal):
    """The differences work with a compiled field, and are those of the field."""
    field, points = network(torch.nn.Softplus()), torch.randn(5, 3)
    compiled = torch.compile(field, backend="aot_eager")
    g = eikonal["difference_gradient"](compiled, points, 0.1)
    assert torch.allclose(g, eikonal["difference_gradient"](field, points, 0.1), atol=1e-6)
    eikonal["eikonal_loss"](g).backward()
    assert field[0].weight.grad.abs().max() > 0


def test_training_with_a_frozen_layer(eikonal):
    """The loss alone trains a network with layer norm, dropout and a frozen layer."""
    field = network(torch.nn.LayerNorm(16), torch.nn.Softplus(), torch.nn.Dropout(0.1))
    field[0].requires_grad_(False)
    before = field[0].weight.clone()
    points = torch.randn(64, 3)
    optimizer = torch.optim.Adam([p for p in field.parameters() if p.requires_grad], lr=0.01)
    losses = []
    for _ in range(30):
        optimizer.zero_grad()
        _, g = eikonal["field_gradient"](field, points)
        loss = eikonal["eikonal_loss"](g)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < losses[0] / 2
    assert torch.equal(field[0].weight, before)


def test_points_that_are_computed_stay_connected(eikonal):
    """Points that require a gradient, such as deformed ones, keep their graph; others are left."""
    shift = torch.zeros(2, requires_grad=True)
    points = torch.tensor([[0.5, -1.0], [0.3, 0.8]])
    _, g = eikonal["field_gradient"](lambda x: x.square().sum(1), points + shift)
    g.sum().backward()
    assert shift.grad.tolist() == [4, 4]
    eikonal["field_gradient"](lambda x: plane_wave(x, shift), points)
    assert not points.requires_grad


def test_no_grad_gives_numbers(eikonal):
    """Where nothing is trained, nothing has a graph."""
    with torch.no_grad():
        f, g = eikonal["field_gradient"](network(torch.nn.ReLU()), torch.randn(5, 3))
    assert not f.requires_grad and not g.requires_grad


def test_flat_places_are_no_nan(eikonal):
    """Where the gradient is zero, the loss has the derivative zero."""
    g = torch.zeros(4, 3, requires_grad=True)
    eikonal["eikonal_loss"](g).backward()
    assert g.grad.abs().max() == 0


def test_what_is_refused(eikonal):
    """Wrong shapes, unused points, and gradients that are constants each have a message."""
    points, frozen = torch.randn(5, 3), network().requires_grad_(False)
    w = torch.ones(3, requires_grad=True)

    def unused(x):
        return x.detach() @ w

    for way, more in (("field_gradient", ()), ("difference_gradient", (0.1,))):
        with pytest.raises(ValueError, match=r"not \(\d+, 3\) to \(\d+, 3\)"):
            eikonal[way](lambda x: x * w, points, *more)
    with pytest.raises(ValueError, match=r"not \(5, 1, 3\)"):
        eikonal["field_gradient"](lambda x: x.sum(2), points[:, None])
    for field in (unused, lambda x: x.detach().sum(1)):
        with pytest.raises(RuntimeError, match="no gradient with respect to its points"):
            eikonal["field_gradient"](field, points)
    with pytest.raises(RuntimeError, match="is a constant"):
        eikonal["field_gradient"](frozen, points)


def test_second_derivatives(values):
    """Bilinear and ReLU have no f_xx; bilinear has an f_xy, as differences in NumPy say."""
    bends = values("recipes/signed_distance/second.py")["bends"]
    relu, softplus, bilinear, bicubic = [False] * 2, [True] * 2, [False, True], [True] * 2
    assert bends == relu + softplus + bilinear + bicubic
    torch.manual_seed(0)
    image, h = torch.randn(1, 1, 8, 8, dtype=torch.float64), 1e-3

    def field(x, y):
        at = torch.tensor([[[[x, y]]]], dtype=torch.float64)
        return grid_sample(image, at, align_corners=True).item()

    x, y = 0.3, -0.2
    assert field(x + h, y) + field(x - h, y) - 2 * field(x, y) == pytest.approx(0, abs=1e-12)
    corners = field(x + h, y + h) - field(x + h, y - h) - field(x - h, y + h) + field(x - h, y - h)
    assert abs(corners / (4 * h * h)) > 1e-4


def test_trained_fields(values):
    """With the eikonal loss the field nears the distance; cut, it is that of the outline alone."""
    found = values("recipes/signed_distance.py")
    assert max(found["errors_right"]) < 0.7 * min(found["errors_cut"])
    assert found["error_differences"] == pytest.approx(found["errors_right"][0], abs=0.01)
    assert found["inert"] is True
    assert found["off"][0] / found["off"][1] == pytest.approx(100, rel=0.5)


def test_the_gradient_of_the_sum(values):
    """It is that of each point, unless batch normalization in training mode mixes them."""
    layer, train, evaluated = values("recipes/signed_distance/sum.py")["distances"]
    assert layer == 0 == evaluated
    assert train > 1e-2
