"""The component of fast Laplacians: closed forms, differences in NumPy, and what it refuses."""

import itertools
import operator
import sys
import types

import numpy as np
import pytest
import sympy
import torch

FOLDER = "recipes/fast_laplacians"
COMPONENT = f"{FOLDER}/forward_laplacian.py"
SMOOTH = {
    "Tanh": torch.nn.Tanh(),
    "Sigmoid": torch.nn.Sigmoid(),
    "SiLU": torch.nn.SiLU(),
    "GELU": torch.nn.GELU(),
    "GELU with tanh": torch.nn.GELU("tanh"),
    "Softplus": torch.nn.Softplus(),
    "steep Softplus": torch.nn.Softplus(beta=5.0, threshold=30.0),
    "Mish": torch.nn.Mish(),
}


@pytest.fixture
def fast(report, monkeypatch):
    """The component's names, of its text as it is verified, in a module, as torch.compile needs."""
    module = types.ModuleType("forward_laplacian")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    exec(report.verdicts[COMPONENT].snippet.text, vars(module))
    return vars(module)


def network(activation, dtype=torch.float64, device="cpu"):
    torch.manual_seed(0)
    layers = torch.nn.Linear(3, 8), activation, torch.nn.Linear(8, 8), activation
    return torch.nn.Sequential(*layers, torch.nn.Linear(8, 2)).to(device, dtype)


def points(dtype=torch.float64):
    return torch.randn(5, 3, generator=torch.Generator().manual_seed(1)).to(dtype)


def differences(f, x, step=1e-3):
    """The Laplacian by central differences of fourth order, without any autograd."""
    weights = {-2: -1 / 12, -1: 4 / 3, 0: -5 / 2, 1: 4 / 3, 2: -1 / 12}
    with torch.no_grad():
        axes = step * torch.eye(x.shape[1], dtype=x.dtype)
        terms = [w * f(x + k * e) for e in axes for k, w in weights.items()]
        return sum(terms) / step**2


@pytest.mark.parametrize("name", SMOOTH)
def test_every_function_of_the_list(fast, name):
    """Value, Jacobian and Laplacian of a network are those of itself and of differences."""
    net, x = network(SMOOTH[name]), points()
    f = net(fast["Field"].coordinates(x))
    assert torch.equal(f.value, net(x))
    with torch.no_grad():
        numbers = net(fast["Field"].coordinates(x))
    assert torch.equal(numbers.laplacian, f.laplacian) and not numbers.laplacian.requires_grad
    assert torch.allclose(f.laplacian, differences(net, x), atol=1e-8)
    assert f.laplacian.abs().max() > 1e-4
    step = 1e-5 * torch.eye(3, dtype=x.dtype)
    slopes = torch.stack([(net(x + e) - net(x - e)) / 2e-5 for e in step])
    assert torch.allclose(f.jacobian, slopes, atol=1e-9)


def test_functions_by_sympy(fast):
    """Sums and products of all functions without a module are as SymPy has them."""
    a, b = sympy.symbols("a b")
    inner = 2 + a * b + sympy.sin(a) * 3
    closed = sympy.exp(sympy.cos(inner) * -1) + sympy.log(inner) * sympy.sqrt(inner) + 1
    at = {a: 0.7, b: -0.4}
    x = torch.tensor([[0.7, -0.4]], dtype=torch.float64)
    u = fast["Field"].coordinates(x)
    A, B = u.linear(torch.tensor([[1.0, 0]]).double()), u.linear(torch.tensor([[0, 1.0]]).double())
    inner = A * B + torch.sin(A) * 3.0 + 2.0
    f = torch.exp(torch.cos(inner) * -1.0) + torch.log(inner) * torch.sqrt(inner) + 1.0
    expected = (closed.diff(a, 2) + closed.diff(b, 2)).subs(at)
    assert f.value.item() == pytest.approx(float(closed.subs(at)), rel=1e-12)
    assert f.laplacian.item() == pytest.approx(float(expected), rel=1e-10)


@pytest.mark.parametrize("name", SMOOTH)
def test_trains_as_differences_say(fast, name):
    """The slope of a loss on the Laplacian, with respect to a weight, is a difference of losses."""
    net, x = network(SMOOTH[name]), points()

    def loss():
        return net(fast["Field"].coordinates(x)).laplacian.square().mean()

    loss().backward()
    weight, step = net[2].weight, 1e-6
    found = weight.grad[1, 2].item()
    with torch.no_grad():
        weight[1, 2] += step
        up = loss()
        weight[1, 2] -= 2 * step
        down = loss()
    assert found == pytest.approx(((up - down) / (2 * step)).item(), rel=1e-5, abs=1e-12)


def test_autocast_leaves_two_digits(fast):
    """In bfloat16, of the Laplacian of a network that is not small."""
    torch.manual_seed(0)
    layers = torch.nn.Linear(3, 32), torch.nn.Tanh(), torch.nn.Linear(32, 1)
    net, x = torch.nn.Sequential(*layers), torch.randn(64, 3)
    exact = net(fast["Field"].coordinates(x)).laplacian
    with torch.autocast("cpu", torch.bfloat16):
        rounded = net(fast["Field"].coordinates(x)).laplacian.float()
    assert 1e-3 < ((rounded - exact).norm() / exact.norm()).item() < 3e-2


def test_dtype_device_and_no_grad(fast):
    """Everything follows the points and the weights; under no_grad there is no graph."""
    net = network(torch.nn.SiLU(), torch.float32)
    with torch.no_grad():
        f = net(fast["Field"].coordinates(points(torch.float32)))
    assert f.laplacian.dtype == torch.float32 and not f.laplacian.requires_grad
    exact = net.double()(fast["Field"].coordinates(points())).laplacian
    assert torch.allclose(f.laplacian.double(), exact, atol=1e-5)
    f = network(torch.nn.SiLU(), device="meta")(fast["Field"].coordinates(points().to("meta")))
    assert f.jacobian.shape == (3, 5, 2) and f.laplacian.device.type == "meta"


def test_compiled(fast):
    """Compiled as one graph, it is the same, and trains."""
    torch._dynamo.reset()
    net, x = network(torch.nn.Tanh()), points()

    def run(x):
        return net(fast["Field"].coordinates(x)).laplacian

    compiled = torch.compile(run, backend="aot_eager", fullgraph=True)
    expected = torch.autograd.grad(run(x).square().sum(), net[0].weight)[0]
    found = torch.autograd.grad(compiled(x).square().sum(), net[0].weight)[0]
    assert torch.allclose(found, expected, rtol=1e-10)
    assert found.abs().max() > 0


def test_what_is_refused(fast, values):
    """Layers without a rule raise, and so does a tensor that may depend on the points."""
    u = fast["Field"].coordinates(points())
    assert len(values(f"{FOLDER}/refused.py")["refused"]) == 4
    with pytest.raises(TypeError, match="no rule for relu"):
        network(torch.nn.ReLU())(u)
    with pytest.raises(AttributeError):
        torch.nn.BatchNorm1d(3)(u)
    for combine in (u.__mul__, u.__add__):
        with pytest.raises(TypeError, match="make it a Field"):
            combine(points())
    with pytest.raises(TypeError, match="make it a Field"):
        points() + u
    norms, one = points().norm(dim=1), u.linear(torch.ones(1, 3).double())
    for combine in (operator.mul, operator.add):
        for pair in ((one, norms), (norms, one)):
            with pytest.raises(TypeError, match=r"shape \(5,\) may depend"):
                combine(*pair)
    inplace = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.SiLU(inplace=True))
    with pytest.raises(RuntimeError, match="in-place"):
        inplace.double()(u)
    scaled = 1.0 * u * torch.tensor([1.0, 2.0, 3.0])
    assert scaled.jacobian[1, 0].tolist() == [0, 2, 0]


def test_estimates(fast):
    """Over all signs their mean is the Laplacian, for one that mixed derivatives disturb."""

    def f(x):
        return torch.sin(x[:, 0] * x[:, 1]) + x[:, 2] ** 2 * x[:, 0]

    x = points()
    signs = [torch.tensor(s, dtype=x.dtype) for s in itertools.product([1.0, -1.0], repeat=3)]
    each = torch.stack([fast["second_along"](f, x, s.expand_as(x)) for s in signs])
    assert torch.allclose(each.mean(0), differences(f, x), atol=1e-7)
    assert each.std(0).min() > 1e-3
    torch.manual_seed(0)
    drawn = torch.stack([fast["estimate"](f, x) for _ in range(4)])
    nearest = (drawn[:, None] - each[None]).abs().amin(1)
    assert nearest.max() < 1e-12
    assert drawn.std(0).max() > 0


def test_closed_forms(values):
    """Hydrogen and a harmonic polynomial; Hooke's atom, whose state and energy are exact."""
    found = values(f"{FOLDER}/hydrogen.py")
    assert found["energy"] == pytest.approx(np.full((6, 1), -0.5), abs=1e-12)
    assert values("recipes/fast_laplacians.py")["off_exact"] < 1e-3


def test_gradient_of_the_energy(values):
    """With psi = exp(-a x²), E = a/2 + 1/(8 a); over fixed samples, the mean has no slope."""
    a = sympy.Symbol("a")
    E = a / 2 + 1 / (8 * a)
    right, wrong = (values(f"{FOLDER}/{name}.py") for name in ("covariance", "hidden"))
    assert right["E"] == wrong["E"] == pytest.approx(float(E.subs(a, 1)))
    assert right["dE_da"] == pytest.approx(float(E.diff(a).subs(a, 1)))
    assert wrong["dE_da"] == 0


def test_square_of_an_estimate(values):
    """It has the square of the Laplacian and the variance, four squares off the diagonal."""
    right, wrong = (values(f"{FOLDER}/{name}.py") for name in ("two_estimates", "squared"))
    assert right["loss"] == 2**2 and right["dloss_dw"] == 2 * 2**2
    assert wrong["loss"] == 2**2 + 4 * 3**2 and wrong["dloss_dw"] == 2 * wrong["loss"]


def test_counts(values):
    """A forward Laplacian is d + 2 forward passes, and beats all exact ways in each column."""
    found = values("recipes/fast_laplacians.py")
    assert found["forward_evaluate"] == [5, 12, 32]
    for column in ("evaluate", "train", "peak"):
        dearest = np.array(found[f"axes_{column}"])
        assert (dearest > found[f"rows_{column}"]).all()
        assert (dearest > found[f"hessian_{column}"]).all()
        ours = np.array(found[f"forward_{column}"])
        for other in ("rows", "hessian", "axes"):
            assert (ours < found[f"{other}_{column}"]).all()
    ratio = np.array(found["rows_evaluate"]) / found["forward_evaluate"]
    assert ratio == pytest.approx([1.6, 1.8, 1.9], abs=0.05)
    assert max(found["forward_train"]) < 3 * max(found["forward_evaluate"])


def test_two_electrons(values):
    """From each seed, the energy is that of the exact state, and its spread falls."""
    found = values("recipes/fast_laplacians.py")
    assert found["off_energy"] < 2e-3
    assert len(found["spread_first"]) == len(found["spread_last"]) == 3
    assert min(found["spread_first"]) > 0.15 and max(found["spread_last"]) < 0.05


def test_silu_by_sympy(values):
    """The second derivative of z / (1 + exp(-z)), and no derivative under no_grad in jvp of jvp."""
    z = sympy.Symbol("z")
    expected = (z / (1 + sympy.exp(-z))).diff(z, 2).subs(z, 0.5)
    assert values(f"{FOLDER}/silu_right.py")["second"] == pytest.approx(float(expected), rel=1e-6)
    assert "silu_backward" in values(f"{FOLDER}/silu.py")["error"]


def jvp_of_jvp(function):
    x, v = torch.tensor([0.5, -0.3]), torch.ones(2)
    slope = lambda x: torch.func.jvp(function, (x,), (v,))[1]  # noqa: E731
    return torch.func.jvp(slope, (x,), (v,))[1]


def test_which_functions_refuse_a_jvp_of_a_jvp():
    """SiLU and Mish under no_grad, GLU always, and others in neither case."""
    F = torch.nn.functional
    for function in (F.silu, F.mish, torch.tanh, torch.sigmoid, F.gelu, F.softplus, F.elu):
        assert jvp_of_jvp(function).isfinite().all()
        with torch.no_grad():
            if function in (F.silu, F.mish):
                with pytest.raises(NotImplementedError, match="forward AD"):
                    jvp_of_jvp(function)
            else:
                assert jvp_of_jvp(function).isfinite().all()
    with pytest.raises(NotImplementedError, match="glu_jvp"):
        jvp_of_jvp(F.glu)
