"""Oracles for the pages about vmap, compiled transforms and torch.autograd.functional."""

import inspect
import shutil
import warnings

import mpmath
import numpy as np
import pytest
import sympy
import torch
from torch import nn
from torch.autograd import functional
from torch.func import functional_call, grad, hessian, jacrev, jvp, vmap

VMAP = "pitfalls/vmap/"
COMPILED = "pitfalls/compile_func/"
FUNCTIONAL = "guides/functional/"


def test_branches(values):
    """The second derivatives of x^3 for x > 0 and x^2 else, at 1, -2 and 3."""
    assert values(VMAP + "branch_right.py")["second"] == [6 * 1, 2, 6 * 3]
    assert "data-dependent control flow" in values(VMAP + "branch.py")["error"]


def test_slopes_of_the_cube(values):
    """3 x^2, for what is valid or selected, and zero else."""

    def cube(X):
        return (3 * np.array(X) ** 2).tolist()

    assert values(VMAP + "condition_right.py")["slopes"] == cube([[1.0, 2], [3, 4]])
    assert values(VMAP + "item_right.py")["slopes"] == cube([[1.0, 2, 0], [4, 5, 6]])
    assert values(VMAP + "selected_right.py")["slopes"] == cube([[1.0, 0], [3, 4]])
    assert values(COMPILED + "vmap_outside_right.py")["slopes"] == cube([[1.0, 2], [3, 4]])


def test_root(values):
    """The second derivative of the square root is -1/4 x^(-3/2)."""
    true = [-(x**-1.5) / 4 for x in (2.0, 3.0, 4.0)]
    assert values(VMAP + "iterate.py")["second"] == pytest.approx(true, abs=1e-9)


def test_leaky_square(values):
    """Twice the squared slope of a leaky ReLU: 2 above zero, 1/2 below."""
    assert values(VMAP + "mask_right.py")["diagonals"] == [[2, 0.5], [0.5, 0.5]]


def test_written_values(values):
    """The gradient of x^6 + x^2 y^2 at (1, 2) and (3, 4)."""
    true = [[6 * x**5 + 2 * x * y**2, 2 * x**2 * y] for x, y in ((1, 2), (3, 4))]
    assert values(VMAP + "in_place_right.py")["slopes"] == true


def test_penalty_per_sample(values):
    """The derivative of sum (3 w x^2)^2 with respect to w is 18 w x^4."""
    true = [
        [18 * w * x**4 for w, x in zip((1, 2), row, strict=True)] for row in ((1, -1), (0.5, 2))
    ]
    assert values(VMAP + "inner_right.py")["per_sample"] == true


def test_rows(values):
    """The rows of the Jacobian of (x^2 y, x y^2), and the gradient of their sum, at (1, 2)."""
    x, y = sympy.symbols("x y")
    J = sympy.Matrix([x**2 * y, x * y**2]).jacobian([x, y])
    at = {x: 1, y: 2}
    found = values(VMAP + "vectors.py")
    assert np.allclose(found["rows"], np.array(J.subs(at).tolist(), dtype=float))
    assert found["second"] == [float(sum(J).diff(v).subs(at)) for v in (x, y)]


def test_numbers_taken_out(values):
    """The cube has the slope 12 at 2, and (2 x y)^2 the gradient (64, 64) at (2, 2)."""
    assert values(VMAP + "silent_right.py")["slope"] == 3 * 2**2
    assert values(VMAP + "silent.py")["slope"] == 2 * 2 * 2
    assert values(VMAP + "built_right.py")["slope"] == [8 * 2 * 2**2] * 2
    assert values(VMAP + "built.py")["slope"] == [0, 0]


def test_repaired(values):
    """The straight-through cube has 6 as its second derivative at 1.3, as round(1.3) is 1."""
    assert values(VMAP + "repaired.py")["right"] == [True] * 5


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    ("said", "call"),
    [
        ("randomness error mode", lambda X: hessian(noisy)(X[0])),
        ("doesn't have storage", lambda X: vmap(lambda x: x * float(x.numpy()[0]))(X)),
        ("must only return Tensors", lambda X: vmap(lambda x: 1.0)(X)),
        ("Got in_dim=0 for an input but", lambda X: vmap(lambda x, s: x * s)(X, 2.0)),
        ("aten::add.out", lambda X: vmap(lambda x: torch.add(x, x, out=torch.empty(3)))(X)),
    ],
)
def test_other_messages(said, call):
    """The rows of the table."""
    with pytest.raises((RuntimeError, ValueError), match=said):
        call(torch.randn(4, 3))


def noisy(x):
    return (torch.nn.functional.dropout(x) ** 2).sum()


@pytest.mark.filterwarnings("ignore")
def test_what_runs_under_vmap():
    """The layers of PyTorch that the page names, and an if without vmap."""
    X = torch.randn(3, 4)
    for f in (torch.nn.functional.leaky_relu, lambda x: torch.nn.functional.huber_loss(x, 0 * x)):
        assert vmap(jacrev(jacrev(lambda x, f=f: f(x).square().sum())))(X).shape == (3, 4, 4)

    def cube(x):
        return x**3 if x > 0 else x**2

    assert hessian(cube)(torch.tensor(2.0)) == 12

    def reaching(x):
        return torch.cond(x > 0, lambda x: x**3, lambda x: x**2, (x,))

    assert torch.equal(vmap(reaching)(torch.tensor([2.0, -1.0])), torch.tensor([8.0, 1.0]))
    for way in (lambda: grad(reaching)(torch.tensor(2.0)), lambda: vmap(grad(reaching))(X[0])):
        with pytest.raises(AssertionError, match="Expected FakeTensor"):
            way()
    x = torch.tensor([2.0, -1.0], requires_grad=True)
    slope = torch.autograd.grad(vmap(reaching)(x).sum(), x, create_graph=True)[0]
    assert slope.tolist() == [12, -2]
    assert torch.autograd.grad(slope.sum(), x)[0].tolist() == [12, 2]


def settled(step, true, upto):
    """How many steps from 1 the value, first and second derivative at 0.2 need, to 8 digits."""

    def after(count, order):
        def f(x):
            y = 0 * x + 1
            for _ in range(count):
                y = step(x, y)
            return y

        for _ in range(order):
            f = grad(f)
        return f(torch.tensor(0.2, dtype=torch.float64)).item()

    for order, exact in enumerate(true):
        errors = [abs(after(n, order) / exact - 1) for n in range(upto)]
        yield next(n for n in range(upto) if max(errors[n:]) < 1e-8)


def test_steps_that_a_derivative_needs():
    """Newton's method at most one more for each; a contraction by two thirds several."""
    root = [0.2**0.5, 0.5 * 0.2**-0.5, -0.25 * 0.2**-1.5]
    value, first, second = settled(lambda x, y: (y + x / y) / 2, root, 12)
    assert first <= value + 1 and second <= value + 2
    # y = 0.8 y + x cos y, so that 0.2 y = x cos y.
    x, y = sympy.symbols("x y")
    slope = sympy.cos(y) / (sympy.Rational(1, 5) + x * sympy.sin(y))
    bend = slope.diff(x) + slope.diff(y) * slope
    at = {x: 0.2, y: sympy.nsolve(y - sympy.cos(y), 0.7)}
    true = [float(one.subs(at)) for one in (y, slope, bend)]
    value, first, second = settled(lambda x, y: 0.8 * y + x * y.cos(), true, 80)
    assert (first - value, second - first) == (8, 8)


@pytest.mark.filterwarnings("ignore")
def test_compiled_hessians(values):
    """The Hessian of sum x^3 has 6 x on its diagonal."""
    assert values(COMPILED + "zeros_right.py")["second"] == 6 * 2
    assert values(COMPILED + "zeros.py")["second"] == 0
    assert values(COMPILED + "vmap_hessian_right.py")["diagonals"] == [[6, 12], [18, 24]]


@pytest.mark.filterwarnings("ignore")
def test_the_input_of_compiled_code():
    """A view has no path from the slope of compiled code back to it; what is computed raises."""
    torch.compiler.reset()
    x = torch.tensor([2.0, 1.0], requires_grad=True)
    cube = torch.compile(lambda x: (x**3).sum(), backend="aot_eager")
    for h in (x.view(2), x.reshape(1, 2)):
        slope = torch.autograd.grad(cube(h), h, create_graph=True)[0]
        assert torch.autograd.grad(slope.sum(), x, allow_unused=True) == (None,)
    h = x.tanh()
    slope = torch.autograd.grad(cube(h), h, create_graph=True)[0]
    with pytest.raises(RuntimeError, match="does not currently support double backward"):
        torch.autograd.grad(slope.sum(), x)


def test_compiled_order(values):
    """What is right, silently wrong and refused, as the rules on the page say."""
    found = values(COMPILED + "ways.py")["found"]
    assert found == ["right"] * 5 + ["WRONG"] * 2 + ["raises"] * 4


@pytest.mark.filterwarnings("ignore")
def test_transforms_of_what_is_compiled():
    """They run the plain function, and with fullgraph=True they raise."""
    calls = {
        "vmap": lambda f: vmap(f)(torch.ones(2, 2)),
        "grad": lambda f: grad(f)(torch.ones(2)),
        "jvp": lambda f: jvp(f, (torch.ones(2),), (torch.ones(2),))[1],
        "hessian": lambda f: hessian(f)(torch.ones(2)),
    }

    def cube(x):
        return (x**3).sum()

    for call in calls.values():
        torch.compiler.reset()
        plain = torch.compile(cube, backend="aot_eager")
        assert torch.equal(call(plain), call(cube))
        torch.compiler.reset()
        with pytest.raises(torch._dynamo.exc.Unsupported, match="functorch tracing attempt"):
            call(torch.compile(cube, backend="aot_eager", fullgraph=True))


@pytest.mark.filterwarnings("ignore")
def test_a_compiled_laplacian_trains():
    """A backward pass outside gives the weights the gradients of the plain one."""
    torch.compiler.reset()
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(2, 4), nn.Tanh(), nn.Linear(4, 1))
    X, weights = torch.randn(3, 2), list(net.parameters())[:-1]  # a bias has no slope
    plain = vmap(jacrev(jacrev(lambda x: net(x).squeeze(-1))))
    found = []
    for H in (plain, torch.compile(plain, backend="aot_eager")):
        laplacian = H(X).diagonal(dim1=1, dim2=2).sum(1)
        found.append(torch.autograd.grad(laplacian.square().mean(), weights))
    assert all(map(torch.allclose, *found))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.skipif(not shutil.which("g++"), reason="the default backend compiles C++")
def test_a_trace_under_vmap_in_the_default_backend():
    """Wrong in the first derivative; a sum over the diagonal is right."""
    torch.compiler.reset()
    torch.manual_seed(0)
    A = torch.randn(4, 3, 3)
    true = 3 * A.diagonal(dim1=1, dim2=2).sum(1)[:, None, None] ** 2 * torch.eye(3)
    wrong = torch.compile(vmap(grad(lambda A: torch.trace(A) ** 3)))(A)
    right = torch.compile(vmap(grad(lambda A: A.diagonal().sum() ** 3)))(A)
    assert torch.allclose(right, true, atol=1e-4) and not torch.allclose(wrong, true, atol=0.1)


def test_compiled_product(values):
    """It agrees with a difference, and the Hessian of tr(A^2) tr(A) with SymPy's."""
    assert values(COMPILED + "dual_right.py")["close"]
    A = sympy.Matrix(2, 2, sympy.symbols("a b c d"))
    at = dict(zip(A, (1, 2, 3, 4), strict=True))
    slope = ((A * A).trace() * A.trace()).diff(A[0, 0])
    true = [[float(slope.diff(A[i, j]).subs(at)) for j in (0, 1)] for i in (0, 1)]
    assert values(COMPILED + "trace_right.py")["second"] == true


def test_compiled_function(values):
    """The derivative of sum (3 x^2)^2 is 36 x^3."""
    assert values(COMPILED + "function.py")["gradient"] == [36, 36 * 8]


def test_products(values):
    """J v of (x^2 y, y^2 x) at (1, 2), v = (3, 4), three times, and its graph."""
    x, y = sympy.symbols("x y")
    J = sympy.Matrix([x**2 * y, y**2 * x]).jacobian([x, y]).subs({x: 1, y: 2})
    true = [float(value) for value in J * sympy.Matrix([3, 4])]
    found = values(FUNCTIONAL + "jvp.py")
    assert found["Jv"] == found["forward"] == found["by_hand"] == true
    assert found["flag"] is False


def test_once(values, report):
    """The derivative of x^3 at 2 is 12, also in the direction 1, and the value is 8."""
    for name, product in (("once", 0), ("once_right", 12)):
        assert values(f"{FUNCTIONAL}{name}.py")["product"] == product
        names = {}
        exec(report.verdicts[f"{FUNCTIONAL}{name}.py"].snippet.text, names)
        assert names["Cube"].apply(torch.tensor(2.0)) == 8


def test_options(values):
    """All are right, and three can be differentiated again."""
    found = values(FUNCTIONAL + "options.py")
    assert found["found"] == [[True, graph] for graph in (False, False, True, True, True)]
    assert found["shape"] == [2, 3, 2, 3]


def test_batched_logarithm(values):
    """The second derivative of log det A by its first entry is -(A^-1)_11^2 = -(3/10)^2."""
    folder = "pitfalls/forward_over_reverse/"
    assert values(folder + "batched_right.py")["second"] == pytest.approx(-(0.3**2))
    assert values(folder + "batched.py")["second"] != pytest.approx(-(0.3**2), abs=1)
    assert values(folder + "lu_solve.py")["right"] == [True, False]


@pytest.mark.parametrize("name", ["det", "slogdet", "solve"])
def test_which_determinants(name):
    """One matrix is right, the second of a batch is not, and the inverse is."""
    torch.manual_seed(0)
    A = torch.randn(2, 3, 3, dtype=torch.float64)
    f = {
        "det": torch.det,
        "slogdet": lambda A: torch.linalg.slogdet(A)[1],
        "solve": lambda A: torch.linalg.solve(A, torch.ones(3, dtype=A.dtype)).sum(),
    }[name]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        one, both = hessian(f)(A[1]), vmap(hessian(f))(A)
        twice = vmap(jacrev(jacrev(f)))(A)

        def inverse(A):
            return torch.linalg.inv(A).sum()

        assert torch.allclose(vmap(hessian(inverse))(A), vmap(jacrev(jacrev(inverse)))(A))
    assert torch.allclose(one, twice[1]) and torch.allclose(both[0], twice[0])
    assert not torch.allclose(both[1], one)


def test_masked_softmax(values):
    """Slope and curvature of sum y^2, y the softmax of two scores, by SymPy, both ways."""
    a, b = sympy.symbols("a b")
    y = 1 / (1 + sympy.exp(b - a))
    f, at = y**2 + (1 - y) ** 2, {a: 0.5, b: -1.0}
    slope = [float(f.diff(v).subs(at)) for v in (a, b)] + [0]
    for name in ("library_plain", "library_right"):
        found = values(f"guides/autograd_function/{name}.py")
        assert found["slope"] == pytest.approx(slope, abs=1e-6)
        assert found["curvature"] == pytest.approx(float(f.diff(a, 2).subs(at)), abs=1e-6)


def test_own_grad(values):
    """Of sum (3 w^2)^2: 36 w^3 with respect to w, and 6 w^2 with respect to the gradient."""
    found = values("pitfalls/backward_create_graph/own_grad.py")
    assert found["found"] == [36 * w**3 for w in (1, 2)]
    assert found["own"] == [6 * w**2 for w in (1, 2)]


def test_tail(values):
    """SiLU's second derivative at 38 to 50 digits, which the quotient keeps and SiLU loses."""
    with mpmath.workdps(50):
        true = float(mpmath.diff(lambda x: x / (1 + mpmath.exp(-x)), 38, 2))
    silu, quotient = values("pitfalls/zero_curvature/tail.py")["tail"]
    assert silu == 0 and quotient == pytest.approx(true, rel=1e-3)


def test_scripted(values):
    """The Laplacian of (x^3 + y^3) (x + y) at (1, 2), from each call."""
    x, y = sympy.symbols("x y")
    f = (x**3 + y**3) * (x + y)
    true = float((f.diff(x, 2) + f.diff(y, 2)).subs({x: 1, y: 2}))
    assert values("guides/export/scripted.py")["calls"] == [true] * 4


def test_input_gradient_of_a_convolution(values):
    """It is the transposed convolution, and leaves no backward operation in the record."""
    assert values("guides/export/operations.py")["same"]


@pytest.mark.filterwarnings("ignore")
def test_nested_tensors():
    """A jagged tensor has a first derivative and no second one."""
    x = torch.randn(5, 4, requires_grad=True)
    nested = torch.nested.nested_tensor_from_jagged(x, torch.tensor([0, 2, 5]))
    square = (nested * nested).values().square().sum()
    slope = torch.autograd.grad(square, x, create_graph=True)[0]
    assert torch.allclose(slope, 4 * x**3)
    with pytest.raises(NotImplementedError, match="_nested_tensor_storage_offsets"):
        torch.autograd.grad(slope.square().sum(), x)


def test_who_takes_a_chunk_size():
    """The functions of torch.func that limit the memory of a batched pass are two."""
    takers = {
        name
        for module in (torch.func, torch.autograd.functional)
        for name in dir(module)
        if inspect.isfunction(getattr(module, name))
        and "chunk_size" in inspect.signature(getattr(module, name)).parameters
    }
    assert takers == {"jacrev", "vmap"}


def disagree(f, x):
    """Return whether the Hessian of a sample under vmap differs from that of functional.hessian."""
    batched = vmap(hessian(f))(torch.stack([x, x + 1]))[0]
    alone = torch.autograd.functional.hessian(f, x)
    return not torch.allclose(batched, alone, equal_nan=True)


def test_where_two_hessians_of_a_sample_disagree():
    """At the zero of a norm, where one is 0 and the other nan; not for usual functions."""
    x = torch.tensor([0.5, -1.5, 2.0], dtype=torch.float64)
    assert disagree(lambda x: x.norm() ** 2, torch.zeros_like(x))
    for f in (torch.linalg.vector_norm, lambda x: (x**3).prod().tanh(), lambda x: x.softmax(0)[0]):
        assert not disagree(f, x)


def test_a_prelu_by_where_has_the_hessian_of_the_module(values):
    """The truth is that of each sample alone, by two backward passes through nn.PReLU."""
    torch.manual_seed(0)
    linear, prelu = torch.nn.Linear, torch.nn.PReLU
    net = torch.nn.Sequential(linear(2, 4), prelu(), linear(4, 1))
    x = torch.randn(3, 2)

    def f(x):
        return net(x).square().squeeze()

    truth = torch.stack([torch.autograd.functional.hessian(f, one) for one in x])
    found = torch.tensor(values("pitfalls/vmap/prelu_right.py")["H"])
    assert torch.allclose(found, truth, rtol=1e-5, atol=1e-6)
    assert torch.allclose(torch.stack([hessian(f)(one) for one in x]), truth, atol=1e-6)
    for i, v in enumerate(torch.eye(2)):
        product = vmap(lambda x, v=v: torch.func.jvp(grad(f), (x,), (v,))[1])(x)
        assert torch.allclose(product, truth[:, i], atol=1e-6)


@pytest.mark.filterwarnings("ignore")
def test_where_two_products_differ():
    """At a special point, and where a layer moves; batch norm in training is the same twice."""
    zeros, v = torch.zeros(3), torch.tensor([1.0, -2.0, 3.0])
    assert functional.jvp(torch.std, zeros, v)[1].isnan()
    assert jvp(torch.std, (zeros,), (v,))[1] == 0
    torch.manual_seed(0)
    x = torch.randn(4, 20, dtype=torch.float64)
    spectral = nn.utils.parametrizations.spectral_norm(nn.Linear(20, 20)).double()
    for layer, same in ((spectral, False), (nn.BatchNorm1d(20).double(), True)):
        found = [functional.jvp(layer, x, x.flip(0))[1] for _ in range(2)]
        assert torch.allclose(*found, rtol=1e-6) is same


def test_a_difference_can_be_trained_on(report):
    """Of the cube of w x, with J = 3 w^3 x^2: the slope of J^2 with respect to w is 54 w^5 x^4."""
    names = {}
    exec(report.verdicts[FUNCTIONAL + "once.py"].snippet.text, names)
    x = torch.tensor(2.0, dtype=torch.float64)
    w = torch.tensor(1.5, dtype=torch.float64, requires_grad=True)
    cube = lambda x: names["Cube"].apply(w * x)  # noqa: E731
    product = (cube(x + 1e-5) - cube(x - 1e-5)) / 2e-5
    slope = torch.autograd.grad(product**2, w)[0].item()
    assert slope == pytest.approx(54 * 1.5**5 * 2**4, rel=1e-8)


@pytest.mark.filterwarnings("ignore")
def test_what_a_misspelled_name_does():
    """Without strict=True its gradient is zero."""
    net, x = nn.Linear(2, 1), torch.ones(3, 2)
    params = {"weights": net.weight.detach(), "bias": net.bias.detach()}
    found = grad(lambda p: functional_call(net, p, (x,)).sum())(params)
    assert not found["weights"].any() and found["bias"] == 3


@pytest.mark.filterwarnings("ignore")
def test_reverse_mode_twice_is_no_way_out_for_all():
    """Neither cdist nor fused attention has a second backward pass."""
    attention = nn.functional.scaled_dot_product_attention
    q = torch.randn(1, 1, 3, 4)
    calls = ((lambda x: torch.cdist(x, x).sum(), q[0, 0]), (lambda q: attention(q, q, q).sum(), q))
    for f, point in calls:
        with pytest.raises((NotImplementedError, RuntimeError), match="is not implemented"):
            jacrev(jacrev(f))(point)
        with pytest.raises(NotImplementedError, match="forward AD"):
            hessian(f)(point)
