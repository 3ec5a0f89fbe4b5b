"""The lesson that writes a backward pass by hand, against SymPy and NumPy."""

import numpy as np
import pytest
import sympy
import torch

PAGE = "learn/backward_by_hand/"


def test_two_lines(values):
    """The gradient by hand is 2ab, and its use in d gives b(1 + 2b)."""
    a, b = sympy.symbols("a b")
    dc_da = sympy.diff(a**2 * b, a)
    found, at = values(PAGE + "hand.py"), {a: 1, b: 2}
    assert found["dc_da"] == float(dc_da.subs(at))
    assert found["dd_da"] == float(sympy.diff((a + dc_da) * b, a).subs(at))
    found = values(PAGE + "unrecorded.py")
    assert found["recorded"] == found["unrecorded"] == 4


def test_tanh(values):
    """Two derivatives of tanh at a half."""
    x = sympy.symbols("x")
    found = values(PAGE + "nodes.py")
    for order, name in enumerate(("dy_dx", "d2y_dx2"), 1):
        truth = sympy.diff(sympy.tanh(x), x, order).subs(x, sympy.Rational(1, 2))
        assert found[name] == pytest.approx(float(truth), rel=1e-6)


def test_one_layer(values):
    """Both backward passes through a layer, the second by differences of the first."""
    found = values(PAGE + "layer.py")
    x, v, start = (np.array(found[name], dtype=float) for name in ("x", "v", "W"))

    def first(w):
        return np.outer(v * (1 - np.tanh(w @ x) ** 2), x)

    assert np.allclose(found["dW"], first(start), rtol=1e-5, atol=1e-6)
    steps = 1e-6 * np.eye(6).reshape(6, 2, 3)
    slope = [((first(start + s) ** 2).sum() - (first(start - s) ** 2).sum()) / 2e-6 for s in steps]
    assert np.allclose(np.ravel(found["second"]), slope, rtol=1e-4, atol=1e-5)
    assert np.allclose(found["by_autograd"], found["second"], rtol=1e-5, atol=1e-6)


def test_the_answers(values):
    """The square has the derivatives 2rx and 2x²."""
    w, x, y = sympy.symbols("w x y")
    loss, at = (w * x - y) ** 2, {w: 3, x: 2, y: 1}
    found = values(PAGE + "answer.py")
    assert found["dL_dw"] == float(sympy.diff(loss, w).subs(at)) == 20
    assert found["d2L_dw2"] == float(sympy.diff(loss, w, 2).subs(at)) == 8


def node(result, start, **arrives):
    """Return the name of the node of the recorded gradient, or None."""
    found = torch.autograd.grad(result, start, create_graph=True, **arrives)[0].grad_fn
    return found and found.name()


def test_the_gradient_of_a_product_depends_on_the_other_factor():
    """It has a node if that factor requires a gradient, and none if it does not."""
    a, b = torch.eye(1, requires_grad=True), torch.eye(1)
    assert node(a * b, a) is None
    assert node(a * b.requires_grad_(), a) == "MulBackward0"


def test_a_linear_step_passes_on_what_depends_on_something():
    """The gradient of -a has a node if what arrives has one."""
    a = torch.eye(1, requires_grad=True)
    assert node(-a, a) is None
    assert node(-a, a, grad_outputs=a * a) == "NegBackward0"


def test_a_function_made_of_others_shows_theirs():
    """The cross entropy is the likelihood of a softmax's logarithm."""
    x = torch.eye(3, requires_grad=True)
    loss = torch.nn.functional.cross_entropy(x, torch.arange(3)).grad_fn
    assert loss.name() == "NllLossBackward0"
    assert loss.next_functions[0][0].name() == "LogSoftmaxBackward0"


def test_writing_into_a_slice_shows_copy_slices():
    """An operation in place on a view belongs to the whole tensor."""
    x = torch.eye(2, requires_grad=True) * 1
    x[0] *= 2
    assert x.grad_fn.name() == "torch::autograd::CopySlices"


def test_the_answer_with_a_sine(values):
    """Two derivatives of sin(a) b with respect to a."""
    a, b = sympy.symbols("a b")
    found, at = values(PAGE + "answer_saved.py"), {a: sympy.Rational(1, 2), b: 2}
    for order, name in enumerate(("dc_da", "d2c_da2"), 1):
        truth = sympy.diff(sympy.sin(a) * b, a, order).subs(at)
        assert found[name] == pytest.approx(float(truth), rel=1e-6)


def saved(product, *inputs):
    """Return how many tensors a product saves."""
    kept = []
    with torch.autograd.graph.saved_tensors_hooks(kept.append, lambda kept: kept):
        product(*inputs)
    return len(kept)


@pytest.mark.parametrize("product", [torch.mul, torch.mm, torch.matmul])
def test_a_product_with_a_constant_saves_one_factor(product):
    """The other one is saved only if the step back to the constant is needed."""
    x, z = torch.eye(2, requires_grad=True), torch.eye(2)
    assert saved(product, x, z) == 1
    assert saved(product, x, z.requires_grad_()) == 2
