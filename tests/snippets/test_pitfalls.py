"""Oracles for the pitfalls: closed forms, SymPy, and finite differences in NumPy."""

import warnings

import numpy as np
import pytest
import sympy
import torch

TOY_CUTS = ["detach", "wrapped"]


def slope(function, w, step=1e-5):
    """Central finite differences of a scalar function of a vector."""
    moves = step * np.eye(len(w))
    return [(function(w + move) - function(w - move)) / (2 * step) for move in moves]


def toy_derivative(term):
    """The derivative of d = (a + term(dc/da)) b, with c = a^2 b, by SymPy."""
    a, b = sympy.symbols("a b", positive=True)
    d = (a + term(sympy.diff(a**2 * b, a))) * b
    return sympy.lambdify((a, b), sympy.diff(d, a), "math")


def test_toy_derivative(values):
    """With d = (a + 2ab) b, the derivative of d is b (1 + 2b) wherever a is."""
    b = 2
    assert values("pitfalls/cut_in_the_middle/right.py")["dd_da"] == b * (1 + 2 * b)
    assert values("pitfalls/cut_in_the_middle/detach.py")["dd_da"] != b * (1 + 2 * b)


@pytest.mark.parametrize(
    "name",
    [
        "integer_tensors/float",
        "integer_tensors/constant",
        "backward_create_graph/autograd_grad",
        "backward_create_graph/reset",
    ],
)
def test_right_toys(values, name):
    """Each right version of the note's toy gives SymPy's derivative at a = 1, b = 2."""
    assert values(f"pitfalls/{name}.py")["dd_da"] == toy_derivative(lambda dc_da: dc_da)(1, 2)


@pytest.mark.parametrize("name", TOY_CUTS)
def test_cut_toys(values, name):
    """A cut leaves the derivative with dc/da held constant, and the value of d as it was."""
    found = values(f"pitfalls/cut_in_the_middle/{name}.py")
    held = toy_derivative(lambda dc_da: sympy.Symbol("held"))
    assert found["dd_da"] == held(3, 2)
    assert found["dd_da"] != toy_derivative(lambda dc_da: dc_da)(3, 2)
    assert found["d"] == (3 + 2 * 3 * 2) * 2


def test_square_root(values):
    """With the root of dc/da, only the version that stays in torch agrees with SymPy."""
    truth = toy_derivative(sympy.sqrt)(3, 2)
    folder = "pitfalls/cut_in_the_middle/"
    assert values(folder + "sqrt.py")["dd_da"] == pytest.approx(truth, rel=1e-6)
    for name in ("math_sqrt.py", "numpy_obeyed.py"):
        assert values(folder + name)["dd_da"] != pytest.approx(truth, rel=1e-2)


def test_accumulation(values):
    """What backward leaves in .grad is the sum of the first and the second derivative."""
    first, second = 2 * 1 * 2, toy_derivative(lambda dc_da: dc_da)(1, 2)
    found = values("pitfalls/backward_create_graph/accumulated.py")["dd_da"]
    assert found == first + second
    assert found != second


def test_memory(values):
    """backward(create_graph=True) keeps each input, autograd.grad keeps none."""
    folder = "pitfalls/backward_create_graph/"
    assert values(folder + "critic.py")["alive"] == 5
    assert values(folder + "critic_right.py")["alive"] == 0
    assert values(folder + "optimizer.py")["freed"] is True
    assert values(folder + "cycle.py")["after_collection"] is True
    assert values(folder + "cycle.py")["after_reset"] is False


def test_dead_unit(values):
    """Around a dead unit the penalty is constant: its gradient is zero, not NaN."""
    x = np.array([1.0, 2.0])

    def penalty(w):
        return (np.linalg.norm(w * (w @ x > 0)) - 1) ** 2

    truth = slope(penalty, np.array([-1.0, -1.0]))
    right, wrong = (values(f"pitfalls/norm_at_zero/{name}.py") for name in ("vector_norm", "root"))
    assert right["dP_dw"] == truth
    assert wrong["dP_dw"] == ["nan", "nan"]
    assert right["P"] == wrong["P"] == penalty(np.array([-1.0, -1.0]))


def test_square_of_the_norm(values):
    """The squared length of g = 2w has the second derivative 8 in each direction."""
    u, v = sympy.symbols("u v")
    squares = (2 * u) ** 2 + (2 * v) ** 2
    truth = [float(sympy.diff(squares, s, 2).subs({u: 0, v: 0})) for s in (u, v)]
    assert values("pitfalls/norm_at_zero/sum_of_squares.py")["ddP"] == truth
    assert values("pitfalls/norm_at_zero/norm_squared.py")["ddP"] == ["nan", "nan"]
    found = values("pitfalls/norm_at_zero/spellings.py")
    assert [found["square"], found["square_2"]] == [0, truth[0]]
    assert [found["norm_square"], found["norm_square_2"]] == [0, "nan"]


def test_second_derivative_beside_integers(values):
    """With W of 8 bits, sum(tanh(W x / 100)) has the slope W^T (1 - tanh^2) / 100."""
    W, x = np.array([[12, -7], [3, 90]]), np.array([1.0, 2.0])
    truth = W.T @ (1 - np.tanh(W @ x / 100) ** 2) / 100
    found = values("pitfalls/integer_tensors/quantized_right.py")["slope"]
    assert found == pytest.approx(truth, rel=1e-5)


def test_integers_are_refused_in_more_words():
    """torch.func.grad speaks as requires_grad_() does; jacfwd and .data in ways of their own."""
    with pytest.raises(RuntimeError, match="only Tensors of floating point dtype can"):
        torch.func.grad(lambda x: x.sum())(torch.arange(2))
    with pytest.raises(ValueError, match="Expected primal to be floating point or complex"):
        torch.func.jacfwd(lambda x: x.sum())(torch.arange(2))
    weight = torch.nn.Parameter(torch.ones(2))
    with pytest.raises(RuntimeError, match="data set to a tensor that requires gradients must be"):
        weight.data = torch.ones(2, dtype=torch.int8)


def test_float_of_a_float_tensor():
    """It is the tensor itself, so that the label is on the caller's; a detach makes another."""
    images = torch.ones(2)
    images.float().detach().requires_grad_()
    assert not images.requires_grad
    images.float().requires_grad_()
    assert images.requires_grad


def test_a_frozen_embedding():
    """What it returns has no history, and is labeled before the network."""
    x = torch.nn.Embedding(4, 2).requires_grad_(False)(torch.tensor([1]))
    assert not x.requires_grad
    x.requires_grad_()
    slope = torch.autograd.grad((x**3).sum(), x, create_graph=True)[0]
    assert torch.allclose(slope, 3 * x**2) and slope.requires_grad


def test_recorded_in_the_last_micro_batch():
    """The sum is in .grad, and its graph is that of the pass with the flag."""
    w = torch.tensor([1.0, 2.0], requires_grad=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for create_graph in (False, True):
            (w**3).sum().backward(create_graph=create_graph)
    assert w.grad.tolist() == [6, 24]
    assert torch.autograd.grad(w.grad.sum(), w)[0].tolist() == [6, 12]


@pytest.mark.parametrize("to_none", [True, False])
def test_gradients_without_history(to_none):
    """A weight that a batch does not use, and one in which the loss is linear."""
    used, unused = torch.tensor(2.0, requires_grad=True), torch.tensor(2.0, requires_grad=True)
    optimizer = torch.optim.SGD([used, unused])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        (used * unused).square().backward(create_graph=True)
        optimizer.zero_grad(set_to_none=to_none)
        used.square().backward(create_graph=True)
        assert used.grad.grad_fn is not None
        assert unused.grad is None if to_none else unused.grad.grad_fn is None
        optimizer.zero_grad()
        (3 * used).backward(create_graph=True)
    assert used.grad.grad_fn is None
