"""Oracles for the torch.func page: SymPy and finite differences in NumPy, without autograd."""

import numpy as np
import pytest
import sympy
import torch
from scipy.special import expit

PAGE = "learn/torch_func/"


def toy():
    """Return c, dc/da, d and dd/da at a = 1, b = 2, from SymPy."""
    a, b = sympy.symbols("a b")
    c = a**2 * b
    d = (a + sympy.diff(c, a)) * b
    return [float(f.subs({a: 1, b: 2})) for f in (c, sympy.diff(c, a), d, sympy.diff(d, a))]


def test_nested_grad(values):
    """Nested grad gives the derivative without a flag."""
    found = values(PAGE + "nested.py")
    assert [found["dc_da"], found["dd_da"]] == [toy()[1], toy()[3]]


def test_there_is_no_flag(values):
    """torch.func.grad has no argument create_graph."""
    assert "unexpected keyword argument 'create_graph'" in values(PAGE + "no_flag.py")["error"]


def test_backward_through_func_grad(values):
    """An ordinary backward goes through the result of torch.func.grad."""
    found = values(PAGE + "backward.py")
    assert found["d"] == toy()[2]


@pytest.mark.parametrize("name", ["mixed.py", "no_grad_inside.py"])
def test_severed_inner_gradient(values, name):
    """With dc/da a constant, what is left of dd/da is b."""
    assert values(PAGE + name)["dd_da"] == 2.0 != toy()[3]


def test_the_library_with_the_flag(values):
    """The derivative of (3x²)² at 1, through autograd.grad inside torch.func.grad, or zero."""
    x = sympy.symbols("x")
    truth = sympy.diff(sympy.diff(x**3, x) ** 2, x).subs(x, 1)
    found = values(PAGE + "answer_mixed.py")
    assert found["with_flag"] == float(truth) == 36
    assert found["without"] == 0


def test_mixed_with_the_flag(values):
    """create_graph repairs autograd.grad inside torch.func.grad."""
    assert values(PAGE + "mixed_flag.py")["dd_da"] == toy()[3]


def penalty_gradient():
    """Central differences of the network's penalty with respect to its first bias."""
    torch.manual_seed(0)
    # Only the random numbers come from torch.
    layers = [torch.nn.Linear(3, 4), torch.nn.Linear(4, 1)]
    w1, b1, w2 = (
        p.detach().double().numpy() for p in (layers[0].weight, layers[0].bias, layers[1].weight)
    )
    x = torch.randn(8, 3).double().numpy()

    def penalty(bias):
        hidden = np.tanh(x @ w1.T + bias)
        return ((((1 - hidden**2) * w2) @ w1) ** 2).sum()

    step = 1e-5
    return [(penalty(b1 + step * e) - penalty(b1 - step * e)) / (2 * step) for e in np.eye(4)]


@pytest.mark.parametrize("name", ["gradient_penalty.py", "gradient_penalty_backward.py"])
def test_gradient_penalty(values, name):
    """Both ways give the gradient that finite differences give."""
    assert np.allclose(values(PAGE + name)["dP_db"], penalty_gradient(), rtol=1e-4, atol=1e-6)


def test_captured_parameters(values):
    """Parameters that the function does not use get zeros, far from the gradient."""
    found = values(PAGE + "captured.py")["dP_db"]
    assert found == [0, 0, 0, 0]
    assert not np.allclose(found, penalty_gradient(), atol=1e-2)


def test_per_sample_jacobian_is_the_closed_form(values):
    """vmap and jacrev give the contractive penalty and its gradient."""
    found = values(PAGE + "per_sample_jacobian.py")
    oracle = values("learn/contractive_autoencoder/closed_form.py")
    assert found["penalty"] == pytest.approx(oracle["penalty"], rel=1e-12)
    assert np.allclose(found["dP_dW"], oracle["dP_dW"], rtol=1e-11, atol=0)


def functional_gradient(with_penalty, step=1e-6):
    """Central differences of sum(h), plus the squared Jacobian if it is to count."""
    x, w = np.array([0.5, -1.0, 2.0]), np.array([0.2, -0.4, 0.6])

    def loss(w):
        h = expit(w * x)
        return h.sum() + with_penalty * ((h * (1 - h) * w) ** 2).sum()

    return [(loss(w + step * e) - loss(w - step * e)) / (2 * step) for e in np.eye(3)]


def test_functional_jacobian(values):
    """Without create_graph the Jacobian of torch.autograd.functional is a constant."""
    wrong, right = (values(PAGE + f"functional_jacobian{end}.py")["dL_dw"] for end in ("", "_flag"))
    assert np.allclose(right, functional_gradient(True), rtol=1e-7)
    assert np.allclose(wrong, functional_gradient(False), rtol=1e-7)
    assert not np.allclose(wrong, functional_gradient(True), rtol=1e-2)


def test_refusals(values):
    """backward() inside and functions in the older style are refused, loudly."""
    assert "backward() called inside" in values(PAGE + "backward_inside.py")["error"]
    assert "setup_context" in values(PAGE + "old_function.py")["error"]


@pytest.mark.filterwarnings("ignore:.*torch.jit.script:DeprecationWarning")
def test_a_tangent_passes_no_grad():
    """The derivative of 3x² at 2 is 12 in forward mode, and 0 in reverse mode."""

    def slope(x):
        with torch.no_grad():
            return torch.func.grad(lambda x: x**3)(x)

    x = torch.tensor(2.0)
    assert torch.func.jvp(slope, (x,), (torch.ones(()),))[1] == 12
    assert torch.func.grad(slope)(x) == 0


@pytest.mark.parametrize("stop", [torch.Tensor.detach, torch.Tensor.item, torch.round])
def test_what_stops_a_gradient_elsewhere(stop):
    """x stop(3x²) has the derivative 12 at 2, with 3x² a constant; it is 9x² = 36."""

    def f(x):
        return x * stop(torch.func.grad(lambda x: x**3)(x))

    assert torch.func.grad(f)(torch.tensor(2.0)) == 12


def test_an_inner_constant_gives_zeros():
    """The second exercise without the flag: 0, and no error."""

    def outer(x):
        return torch.autograd.grad(x * x * x, x)[0].square()

    assert torch.func.grad(outer)(torch.ones(())) == 0


def test_the_product_by_reverse_mode(values):
    """The transposed product of a symmetric matrix is the product."""
    found = values(PAGE + "answer_product.py")

    def f(w):
        return w[0] ** 2 * w[1] + w[1] ** 3

    w, v = (torch.tensor(found[name]) for name in "wv")
    assert torch.func.vjp(torch.func.grad(f), w)[1](v)[0].tolist() == found["Hv"] == [10, -6]


def test_batch_norm_for_a_whole_batch_is_refused_in_other_words():
    """Without vmap, grad names the captured buffer that would be written to."""
    x = torch.eye(2)
    net = torch.nn.BatchNorm1d(len(x))

    def loss(params):
        return torch.func.functional_call(net, params, (x,)).sum()

    with pytest.raises(RuntimeError, match="mutate a captured Tensor"):
        torch.func.grad(loss)(dict(net.named_parameters()))


def test_forward_mode_and_a_difference(values):
    """The slope, the gradient and the product of a sum of cubes, from SymPy."""
    w, v = (
        sympy.Matrix(sympy.symbols("w:2")),
        sympy.Matrix([sympy.Rational(3, 5), sympy.Rational(4, 5)]),
    )
    f = sum(entry**3 for entry in w)
    g = sympy.Matrix([f]).jacobian(w).T
    at = dict(zip(w, (1, 2), strict=True))
    product = [float(entry) for entry in (sympy.hessian(f, w) * v).subs(at)]
    found = values(PAGE + "forward.py")
    assert found["slope"] == pytest.approx(float((g.T * v)[0].subs(at)), rel=1e-6)
    assert found["g"] == [float(entry) for entry in g.subs(at)] == [3, 12]
    assert found["Hv"] == pytest.approx(product, rel=1e-6)
    assert found["difference"] == pytest.approx(product, rel=1e-3)
