"""The loss of the original note against its closed form in NumPy, without autograd."""

from contextlib import nullcontext

import numpy
import pytest
import sympy
import torch

WRONG = ["learn/the_issue/retain_graph.py", "learn/the_issue/second_forward.py"]


@pytest.fixture(scope="module")
def exact():
    """(gradient of the loss, gradient of the loss plus its norm) at the page's point."""
    torch.manual_seed(0)
    x, y = torch.randn(8, 3).double().numpy(), torch.randn(8, 1).double().numpy()
    w = torch.randn(3, 1).double().numpy()
    t = numpy.tanh(x @ w)
    slope = 1 - t**2
    g = x.T @ (2 * (t - y) * slope) / len(x)
    curvature = 2 * slope**2 + 2 * (t - y) * (-2 * t * slope)
    hessian = x.T @ (curvature * x) / len(x)
    return g.ravel(), (g + hessian @ g / numpy.linalg.norm(g)).ravel()


def test_create_graph_gives_the_closed_form(values, exact):
    """g + Hg/‖g‖, and the finite difference agrees with it."""
    right = values("learn/the_issue/create_graph.py")["dtotal_dw"]
    assert right == pytest.approx(exact[1], rel=1e-5)
    assert values("learn/the_issue/finite_difference.py")["difference"] == pytest.approx(
        exact[1], rel=1e-8
    )


def test_the_lost_term_is_a_hessian_vector_product(values):
    """Hg/‖g‖ for one row of numbers per sample, from a Hessian built by NumPy."""
    found = values("learn/the_issue/product.py")
    x, y, w = (numpy.array(found[name]) for name in "xyw")
    t = numpy.tanh(x @ w)
    slope = 1 - t**2
    g = x.T @ (2 * (t - y) * slope) / len(x)
    curvature = 2 * slope**2 + 2 * (t - y) * (-2 * t * slope)
    hessian = (x.T * curvature) @ x / len(x)
    truth = hessian @ g / numpy.linalg.norm(g)
    assert found["g"] == pytest.approx(g, rel=1e-9)
    assert found["by_backward"] == pytest.approx(truth, rel=1e-9)
    assert found["by_hessian"] == pytest.approx(truth, rel=1e-9)


def test_the_squared_norm(values):
    """g + 2Hg, with g = 3w² and H diagonal with 6w."""
    w = numpy.array([1, 2])
    truth = 3 * w**2 + 2 * 6 * w * 3 * w**2
    assert values("learn/the_issue/answer_squared.py")["dT_dw"] == truth.tolist() == [39, 300]


def test_the_cut_to_find(values):
    """A difference gives the slope in both; only without the cut is it autograd's, too."""
    cut, whole = (values(f"learn/the_issue/{n}_cut.py") for n in ("find_the", "answer"))
    start, v = (numpy.array(whole[name]) for name in "Wv")
    x = numpy.array(whole["x"])

    def loss(w):
        t = numpy.tanh(x @ w)
        length = numpy.linalg.norm((1 - t**2) @ w.T, axis=1)
        return (t.sum(axis=1) ** 2).mean() + (length / length.max()).mean()

    truth = (loss(start + 1e-6 * v) - loss(start - 1e-6 * v)) / 2e-6
    assert whole["autograd"] == pytest.approx(truth, rel=1e-7)
    assert cut["difference"] == whole["difference"] == pytest.approx(truth, rel=1e-7)
    assert cut["autograd"] != pytest.approx(truth, rel=1e-2)


@pytest.mark.parametrize("name", WRONG)
def test_the_silent_gradient_is_that_of_the_loss_alone(values, exact, name):
    """The wrong versions lose the whole second term."""
    wrong = values(name)["dtotal_dw"]
    assert wrong == pytest.approx(exact[0], rel=1e-5)
    assert wrong != pytest.approx(exact[1], rel=1e-2)


def test_the_error_suggests_the_bug(values):
    """The message of the code as written names retain_graph, not create_graph."""
    error = values("learn/the_issue/as_written.py")["error"]
    assert "Specify retain_graph=True" in error
    assert "create_graph" not in error


def test_a_penalty_alone_is_noticed(values):
    """Without another path to the parameters PyTorch raises."""
    assert "does not require grad" in values("learn/the_issue/penalty_alone.py")["error"]


def test_a_sum_saves_nothing(values):
    """d(sum w + ‖(1, 1)‖)/dw = (1, 1), and a product with a number saves the number."""
    assert values("learn/the_issue/nothing_saved.py")["total_loss"] == pytest.approx(3 + 2**0.5)
    w = torch.ones(2, requires_grad=True)
    loss = (3 * w).sum()
    torch.autograd.grad(loss, w)
    with pytest.raises(RuntimeError, match="a second time"):
        loss.backward()


def test_a_residual_that_contains_its_input_is_silent():
    """backward() has a path to the input, so it runs, and the weights get nothing."""
    net = torch.nn.Sequential(torch.nn.Linear(1, 3), torch.nn.Tanh(), torch.nn.Linear(3, 1))
    x = torch.linspace(-1, 1, 5)[:, None].requires_grad_()
    slope = torch.autograd.grad(net(x).sum(), x)[0]
    residual = (slope - x).square().sum()
    weights = list(net.parameters())
    with pytest.raises(RuntimeError, match="not have been used"):
        torch.autograd.grad(residual, weights, retain_graph=True)
    residual.backward()
    assert x.grad is not None
    assert all(weight.grad is None for weight in weights)


class Cube(torch.autograd.Function):
    """The third power, which keeps its input itself."""

    @staticmethod
    def forward(ctx, x):
        ctx.x = x
        return x * x * x

    @staticmethod
    def backward(ctx, outer):
        return outer * 3 * ctx.x**2


def test_what_a_function_keeps_itself_is_not_freed():
    """No error, and the gradient 3w² is that of the loss alone."""
    w = torch.tensor([1.0, 2.0], requires_grad=True)
    loss = Cube.apply(w).sum()
    g = torch.autograd.grad(loss, w)[0]
    (loss + g @ g).backward()
    assert w.grad.tolist() == [3, 12]


def test_the_norm_has_a_derivative_at_zero_if_the_hessian_vanishes():
    """The norm of the gradient of w² has a kink at 0, and those of w³ and w⁴ have none."""
    w = sympy.symbols("w", real=True)
    for power in range(2, 5):
        norm = abs(sympy.diff(w**power, w))
        ahead, behind = (sympy.limit(norm / w, w, 0, side) for side in "+-")
        assert (ahead == behind) is (power > 2)


def test_two_ways_to_a_hessian_vector_product(values):
    """grad_outputs takes the vector, too."""
    found = values("learn/the_issue/answer_product.py")
    w = torch.tensor(found["w"], requires_grad=True)
    g = torch.autograd.grad(w[0] ** 2 * w[1] + w[1] ** 3, w, create_graph=True)[0]
    assert torch.autograd.grad(g, w, torch.tensor(found["v"]))[0].tolist() == found["Hv"]


@pytest.mark.parametrize("linear", [True, False])
def test_the_product_where_a_parameter_is_missing(linear):
    """Under a linear loss the last bias is in no derivative, and its part of the product is 0."""
    net = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.Tanh(), torch.nn.Linear(4, 1))
    params, y = list(net.parameters()), net(torch.ones(8, 3))
    g = torch.autograd.grad((y if linear else y**2).mean(), params, create_graph=True)
    along = sum(part.sum() for part in g)
    with pytest.raises(RuntimeError, match="index 3") if linear else nullcontext():
        torch.autograd.grad(along, params, retain_graph=True)
    product = torch.autograd.grad(along, params, materialize_grads=True)
    assert product[3].any() != linear
    assert product[0].any()


def test_the_product_for_a_module(values):
    """v · Hv is the second difference of the loss along v."""
    torch.manual_seed(0)
    layers = torch.nn.Linear(3, 4), torch.nn.Linear(4, 1)
    W, b, U, c = (p.detach().double().numpy() for layer in layers for p in layer.parameters())
    x, y = torch.randn(8, 3).double().numpy(), torch.randn(8, 1).double().numpy()
    v = [torch.randn(p.shape, dtype=torch.float64).numpy() for p in (W, b, U, c)]

    def loss(step):
        W_, b_, U_, c_ = (p + step * d for p, d in zip((W, b, U, c), v, strict=True))
        return ((numpy.tanh(x @ W_.T + b_) @ U_.T + c_ - y) ** 2).mean()

    h = 1e-4
    truth = (loss(h) - 2 * loss(0) + loss(-h)) / h**2
    found = values("learn/the_issue/module_product.py")["curvature"]
    assert found == pytest.approx(truth, rel=1e-5)
