"""Operators of PDEs: SymPy, nested calls, closed forms, and what is refused."""

import pytest
import sympy
import torch

FOLDER = "recipes/pde_operators"
CLOSED = {
    "tanh": sympy.tanh,
    "sine": sympy.sin,
    "silu": lambda z: z / (1 + sympy.exp(-z)),
}


@pytest.fixture
def taylor(report):
    """The component's names, of its text as it is verified."""
    names = {}
    exec(report.verdicts[f"{FOLDER}/taylor.py"].snippet.text, names)
    return names


@pytest.mark.parametrize("name", CLOSED)
def test_series_by_sympy(taylor, name):
    """Of f(z + 2 z²) along a line, the coefficients to order six are those of SymPy."""
    t = sympy.Symbol("t")
    inner = sympy.Rational(3, 10) + t + 2 * t**2
    expected = [
        float((CLOSED[name](inner).diff(t, k) / sympy.factorial(k)).subs(t, 0).evalf(30))
        for k in range(7)
    ]
    given = [0.3, 1.0, 2.0, 0.0, 0.0, 0.0, 0.0]
    found = taylor[name]([torch.tensor(part, dtype=torch.float64) for part in given])
    assert [part.item() for part in found] == pytest.approx(expected, rel=1e-12)


def network(activation, dtype=torch.float64):
    torch.manual_seed(0)
    layers = torch.nn.Linear(2, 8), activation(), torch.nn.Linear(8, 8), activation()
    return torch.nn.Sequential(*layers, torch.nn.Linear(8, 1)).to(dtype)


@pytest.mark.parametrize("activation", [torch.nn.Tanh, torch.nn.SiLU])
def test_derivatives_of_a_network(taylor, activation):
    """All orders to six, along a slanted line, are those of nested calls; dtypes follow."""
    net = network(activation)
    x = torch.randn(4, 2, dtype=torch.float64, requires_grad=True)
    along = torch.tensor([0.6, -0.8], dtype=torch.float64)
    u, nested = net(x), []
    for _ in range(7):
        nested.append(u)
        (g,) = torch.autograd.grad(u.sum(), x, create_graph=True)
        u = g @ along[:, None]
    found = taylor["derivatives"](net, x.detach(), along, 6)
    for one, other in zip(found, nested, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-9, atol=1e-10)
    single = taylor["derivatives"](net.float(), x.detach().float(), along.float(), 4)
    assert single[4].dtype == torch.float32
    torch.testing.assert_close(single[4].double(), nested[4], rtol=1e-3, atol=1e-4)


def test_each_point_its_own_direction(taylor):
    """A direction for each point is that of the point; no order is lost for order one."""
    net, x = network(torch.nn.Tanh), torch.randn(2, 2, dtype=torch.float64)
    along = torch.eye(2, dtype=torch.float64)
    both = taylor["derivatives"](net, x, along, 1)
    assert len(both) == 2
    for i in range(2):
        alone = taylor["derivatives"](net, x, along[i], 1)[1][i]
        torch.testing.assert_close(both[1][i], alone)


def test_biharmonic(taylor, values):
    """It is the Laplacian of the Laplacian, and trains as a difference of losses says."""
    net = network(torch.nn.Tanh)
    x = torch.randn(3, 2, dtype=torch.float64, requires_grad=True)

    def laplacian(u):
        (g,) = torch.autograd.grad(u.sum(), x, create_graph=True)
        second = [
            torch.autograd.grad(g[:, i].sum(), x, create_graph=True)[0][:, i] for i in range(2)
        ]
        return sum(second)[:, None]

    found = taylor["biharmonic"](net, x)
    torch.testing.assert_close(found, laplacian(laplacian(net(x))), rtol=1e-9, atol=1e-10)
    weight = net[2].weight
    (slope,) = torch.autograd.grad(found.square().mean(), weight)
    losses = []
    for step in (1e-6, -2e-6):
        with torch.no_grad():
            weight[0, 1] += step
            losses.append(taylor["biharmonic"](net, x).square().mean().item())
    assert slope[0, 1].item() == pytest.approx((losses[0] - losses[1]) / 2e-6, rel=1e-5)
    assert values(f"{FOLDER}/plate.py")["ratio"] == [[25], [25]]


def test_what_is_refused(taylor):
    """A layer without a rule raises and is named, and so does an order below 1."""
    with pytest.raises(TypeError, match="no Taylor series for ReLU"):
        taylor["derivatives"](network(torch.nn.ReLU), torch.ones(1, 2).double(), torch.ones(2), 2)
    with pytest.raises(ValueError, match="order is 0"):
        taylor["derivatives"](network(torch.nn.Tanh), torch.ones(1, 2).double(), torch.ones(2), 0)
    meta = network(torch.nn.Tanh).to("meta")
    found = taylor["biharmonic"](meta, torch.ones(3, 2, dtype=torch.float64, device="meta"))
    assert found.shape == (3, 1) and found.device.type == "meta"


def test_counts(values):
    """A series grows in proportion to the order, nested calls faster, nested jvp fastest."""
    found = values(f"{FOLDER}/orders.py")
    assert found["off"] < 1e-10 and list(found["orders"]) == [1, 2, 4, 6]
    nested, forward, taylor = found["counts"]
    assert taylor[3] - taylor[2] == taylor[2] - taylor[1]
    assert nested[3] - nested[2] > 3 * (nested[2] - nested[1])
    for steep, counts in ((1.7, nested), (2.5, forward)):
        assert counts[3] / counts[2] > steep**2 and counts[2] / counts[1] > steep**2 / 1.1
    assert forward[3] > 10 * nested[3] > 40 * taylor[3]


@pytest.mark.parametrize("depth", [2, 10])
def test_float32_keeps_its_digits(taylor, depth):
    """Against float64 with the same weights, order six keeps more than four digits."""
    torch.manual_seed(1)
    layers = [torch.nn.Linear(2, 32), torch.nn.Tanh()]
    for _ in range(depth - 1):
        layers += [torch.nn.Linear(32, 32), torch.nn.Tanh()]
    net = torch.nn.Sequential(*layers, torch.nn.Linear(32, 1))
    with torch.no_grad():
        for weight in net.parameters():
            weight *= 2.5 if weight.dim() == 2 else 1
    x, along = torch.randn(200, 2), torch.tensor([1.0, 0.0])
    found = taylor["derivatives"](net, x, along, 6)
    exact = taylor["derivatives"](net.double(), x.double(), along, 6)
    off = [((f - e).abs().max() / e.abs().max()).item() for f, e in zip(found, exact, strict=True)]
    assert 0 < max(off) < 5e-5


def test_weights_that_a_hook_computes(taylor):
    """The weight of a layer with the older weight_norm is the one of today, not of yesterday."""
    with pytest.warns(FutureWarning, match="weight_norm"):
        first = torch.nn.utils.weight_norm(torch.nn.Linear(2, 4))
    net = torch.nn.Sequential(first, torch.nn.Tanh(), torch.nn.Linear(4, 1))
    with torch.no_grad():
        first.weight_g *= 2
    x = torch.randn(3, 2, requires_grad=True)
    u, u_x = taylor["derivatives"](net, x.detach(), torch.tensor([1.0, 0.0]), 1)
    torch.testing.assert_close(u, net(x))
    torch.testing.assert_close(u_x, torch.autograd.grad(net(x).sum(), x)[0][:, :1])


def test_vector_field(values):
    """The Laplacians of x² and x y³ at (1, 1) are 2 and 6; the sum has both."""
    x, y = sympy.symbols("x y")
    parts = [sum(u.diff(s, 2) for s in (x, y)).subs({x: 1, y: 1}) for u in (x**2, x * y**3)]
    assert values(f"{FOLDER}/vector.py")["laplacian"] == [[float(part) for part in parts]]
    assert values(f"{FOLDER}/vector_sum.py")["laplacian"] == [[float(sum(parts))] * 2]
    assert "not have been used" in values(f"{FOLDER}/slice_wrong.py")["error"]


def test_beam(values):
    """The closed form satisfies the equation and both ends, and the network is near it."""
    x = sympy.Symbol("x")
    u = x**2 * (6 - 4 * x + x**2) / 24
    assert u.diff(x, 4).simplify() == 1
    ends = u.subs(x, 0), u.diff(x).subs(x, 0), u.diff(x, 2).subs(x, 1), u.diff(x, 3).subs(x, 1)
    assert ends == (0, 0, 0, 0)
    found = values(f"{FOLDER}/beam.py")
    assert found["exact"][-1] == pytest.approx([float(u.subs(x, 1))])
    assert found["error"] < 1e-3
