"""The component of gradient matching: closed forms, dtypes, devices, and what it raises."""

import numpy as np
import pytest
import sympy
import torch
from torch.utils.flop_counter import FlopCounterMode

COMPONENT = "recipes/gradient_matching/matching.py"
DISTANCES = ["squared_distance", "cosine_distance", "row_distance"]


@pytest.fixture
def matching(report):
    """The component's names, of its text as it is verified."""
    names = {}
    exec(report.verdicts[COMPONENT].snippet.text, names)
    return names


def network(dtype=torch.float64):
    torch.manual_seed(0)
    layers = torch.nn.Linear(3, 4), torch.nn.Softplus(), torch.nn.Linear(4, 2)
    return torch.nn.Sequential(*layers).to(dtype)


def made(matching, net, x, **more):
    loss = torch.nn.functional.cross_entropy(net(x), torch.tensor([0, 1], device=x.device))
    return matching["loss_gradient"](loss, net.parameters(), **more)


@pytest.mark.parametrize("distance", DISTANCES)
def test_slope_of_each_distance_is_that_of_differences(matching, distance):
    """In float64, in the inputs, through a network that bends."""
    net = network()
    x, true = torch.randn(2, 3, dtype=torch.float64, requires_grad=True), torch.ones(2, 3).double()
    wanted = made(matching, net, true, constant=True)

    def of(x):
        return matching[distance](made(matching, net, x), wanted)

    assert torch.autograd.gradcheck(of, x)


def test_distances_are_those_of_numpy(matching):
    """Squares, one angle over all, and one for each row of what has rows."""
    a = [np.array([[1.0, 2.0], [3.0, -1.0]]), np.array([0.5, 1.0])]
    b = [np.array([[0.0, 1.0], [1.0, 1.0]]), np.array([-1.0, 2.0])]
    found, wanted = ([torch.tensor(g, requires_grad=True) for g in side] for side in (a, b))
    flat = [np.concatenate([g.ravel() for g in side]) for side in (a, b)]

    def cosine(u, v):
        return u @ v / np.sqrt((u @ u) * (v @ v))

    truth = {
        "squared_distance": ((flat[0] - flat[1]) ** 2).sum(),
        "cosine_distance": 1 - cosine(*flat),
        "row_distance": sum(1 - cosine(u, v) for u, v in zip(a[0], b[0], strict=True)),
    }
    for name in DISTANCES:
        assert matching[name](found, wanted).item() == pytest.approx(truth[name], rel=1e-12)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_dtype_device_frozen_and_unused_weights(matching, dtype):
    """All follow the weights; what is frozen is left out, and what is unused is zero."""
    net = network(dtype)
    net[0].bias.requires_grad_(False)
    unused = torch.ones(5, dtype=dtype, requires_grad=True)
    loss = torch.nn.functional.cross_entropy(
        net(torch.ones(2, 3, dtype=dtype)), torch.tensor([0, 1])
    )
    found = matching["loss_gradient"](loss, [*net.parameters(), unused])
    assert [g.dtype for g in found] == [dtype] * 4
    assert found[-1].tolist() == [0] * 5
    assert [tuple(g.shape) for g in found] == [(4, 3), (2, 4), (2,), (5,)]
    on_meta = network().to("meta")
    g = made(matching, on_meta, torch.ones(2, 3, dtype=torch.float64, device="meta"))
    assert matching["cosine_distance"](g, g).device.type == "meta"


def test_what_it_costs(matching):
    """A distance and its slope in the inputs have the products of two to three training steps."""
    torch.manual_seed(0)
    weights = [torch.randn(64, 64, requires_grad=True) for _ in range(6)]
    x, labels = torch.randn(64, 64, requires_grad=True), torch.randint(64, (64,))

    def loss():
        h = x
        for w in weights:
            h = torch.tanh(h @ w / 8)
        return torch.nn.functional.cross_entropy(h, labels)

    counts = []
    for match in (False, True):
        with FlopCounterMode(display=False) as counter:
            g = matching["loss_gradient"](loss(), weights, constant=not match)
            if match:
                torch.autograd.grad(matching["squared_distance"](g, [w.detach() for w in g]), x)
        counts.append(counter.get_total_flops())
    assert 2 < counts[1] / counts[0] < 3


def test_constant_has_no_graph(matching):
    """What is to be matched is a constant, and the other side is none."""
    net, x = network(), torch.ones(2, 3, dtype=torch.float64)
    assert not any(g.requires_grad for g in made(matching, net, x, constant=True))
    assert all(g.requires_grad for g in made(matching, net, x))


@pytest.mark.parametrize("distance", DISTANCES)
def test_what_is_refused(matching, distance):
    """A constant, other shapes, more weights, a vector of losses, and nothing to train."""
    net, x = network(), torch.ones(2, 3, dtype=torch.float64)
    kept, constant = made(matching, net, x), made(matching, net, x, constant=True)
    with pytest.raises(RuntimeError, match="create_graph=True"):
        matching[distance](constant, constant)
    with torch.no_grad():
        matching[distance](constant, constant)
    for other in (constant[:-1], [constant[0].T, *constant[1:]]):
        with pytest.raises(ValueError, match="do not match"):
            matching[distance](kept, other)
    with pytest.raises(ValueError, match=r"shape \(2,\) and 4 weights"):
        matching["loss_gradient"](net(x)[0], net.parameters())
    with pytest.raises(ValueError, match="0 weights"):
        matching["loss_gradient"](net(x).sum(), [x])
    with pytest.raises(ValueError, match="no gradient has rows"):
        matching["row_distance"](kept[1::2], constant[1::2])


def test_which_factors_each_distance_forgives(matching):
    """The cosine one for all, rows one for each, and the square none."""
    torch.manual_seed(0)
    found = [torch.randn(3, 2, requires_grad=True), torch.randn(2, 4, requires_grad=True)]
    wanted = [torch.randn(3, 2), torch.randn(2, 4)]
    rows = [torch.rand(3, 1) + 0.5, torch.rand(2, 1) + 0.5]
    ways = {
        "all": [2 * g for g in wanted],
        "each": [g * row for g, row in zip(wanted, rows, strict=True)],
    }
    forgiven = {
        name: [
            matching[name](found, ways[way]).item()
            == pytest.approx(matching[name](found, wanted).item(), rel=1e-5)
            for way in ("all", "each")
        ]
        for name in DISTANCES
    }
    assert list(forgiven.values()) == [[False, False], [True, False], [True, True]]


def test_what_one_sample_and_a_batch_give_away(matching):
    """A unit that only one of a batch activates; smoothed labels have other signs."""
    torch.manual_seed(0)
    net = torch.nn.Sequential(torch.nn.Linear(5, 64), torch.nn.ReLU(), torch.nn.Linear(64, 4))
    x = torch.randn(2, 5)
    W, b, *_ = made(matching, net, x, constant=True)
    active = net[0](x) > 0
    alone = (active.sum(0) == 1) & (b.abs() > 1e-6)
    recovered, owner = W[alone] / b[alone, None], active[:, alone].int().argmax(0)
    assert len(recovered) > 3 and torch.allclose(recovered, x[owner], atol=1e-4)
    logits = torch.tensor([[0.0, 8.0, -8.0, 0.0]], requires_grad=True)
    for smoothing, negative in ((0.0, [2]), (0.1, [0, 2, 3])):
        loss = torch.nn.functional.cross_entropy(
            logits, torch.tensor([2]), label_smoothing=smoothing
        )
        (g,) = torch.autograd.grad(loss, logits)
        assert (g[0] < 0).nonzero().flatten().tolist() == negative


@pytest.mark.parametrize("fused", [False, True])
def test_a_step_in_between(matching, fused):
    """It raises, unless the optimizer is fused, and then the slope is another one."""
    net, x = network(), torch.ones(2, 3, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD(net.parameters(), lr=1.0, fused=fused)

    def slope(step):
        g = made(matching, net, x)
        for w in net.parameters():
            w.grad = torch.full_like(w, 0.1)
        if step:
            optimizer.step()
        return torch.autograd.grad(sum(t.square().sum() for t in g), x)[0]

    truth = slope(step=False)
    if fused:
        assert not torch.allclose(slope(step=True), truth, rtol=1e-2)
    else:
        with pytest.raises(RuntimeError, match="modified by an inplace operation"):
            slope(step=True)


def test_the_slope_on_the_page_is_that_of_sympy(values):
    """Kept, it is the derivative; cut, it is that of the prior."""
    w, x = sympy.symbols("w:2"), sympy.symbols("x:2")
    loss = (sympy.tanh(w[0] * x[0] + w[1] * x[1]) - 1) ** 2 / 2
    wanted = (sympy.Rational(-1, 5), sympy.Rational(1, 10))
    prior = (x[0] ** 2 + x[1] ** 2) / 100
    D = sum((loss.diff(w[i]) - wanted[i]) ** 2 for i in (0, 1)) + prior
    at = {w[0]: 0.6, w[1]: -0.3, x[0]: 0.5, x[1]: -1.0}
    for name, function in (("kept", D), ("cut", prior)):
        found = values(f"recipes/gradient_matching/{name}.py")
        slopes = [float(function.diff(symbol).subs(at)) for symbol in x]
        assert found["dD_dx"] == pytest.approx(slopes, abs=6e-5)
        assert found["D"] == pytest.approx(float(D.subs(at)), rel=1e-5)


def test_label_and_input_of_one_sample(values):
    """The label is the one that the client had, and the input is its own to rounding."""
    found = values("recipes/gradient_matching/label.py")
    assert (found["found"], found["off"] < 1e-6) == (2, True)


def test_experiments(values):
    """Smooth networks give their images away; condensed images beat real ones, not the means."""
    found = values("recipes/gradient_matching.py")
    smooth = found["errors_sigmoid"] + found["errors_softplus"]
    assert max(smooth) < 1e-3 and min(found["errors_relu"]) > 0.02
    assert max(found["adam_softplus_errors"]) < 5e-3 and min(found["adam_relu_errors"]) > 0.02
    assert found["condensed_low"] - found["real_high"] > 0.1
    assert found["condensed_mean"] == pytest.approx(found["of_means"], abs=0.05)
