# uses: guides/autograd_function/template.py
"""Tests for template.py: one for each thing that can be wrong. `pytest template_tests.py`."""

import warnings

import torch
from torch.autograd import grad, gradcheck, gradgradcheck
from torch.func import hessian, jacrev, jvp, vjp, vmap

from template import LogSumExpBackward, log_sum_exp

warnings.simplefilter("ignore", DeprecationWarning)  # of torch.jit.script, in forward mode
SHAPES = [(3,), (1, 3), (4, 2), (2, 3, 5), (0, 3)]


def plain(x):
    return torch.logsumexp(x, -1)


def draw(*shape, dtype=torch.float64):
    return torch.randn(shape, dtype=dtype, requires_grad=True)


# --8<-- [start:tests]
def test_backward_and_double_backward():
    for shape in SHAPES:
        x = draw(*shape)
        assert gradcheck(log_sum_exp, x) and gradgradcheck(log_sum_exp, x)


def test_the_backward_function_in_both_arguments():
    x, outer = draw(4, 3), draw(4)
    assert gradcheck(LogSumExpBackward.apply, (x, outer), check_forward_ad=True)


def test_special_points():
    for x in (torch.zeros(2, 3), torch.tensor([[1e3, 0.0, -1e3]])):
        x = x.double().requires_grad_()
        assert gradcheck(log_sum_exp, x) and gradgradcheck(log_sum_exp, x)


def test_a_penalty_of_a_function_of_it_in_both_precisions():
    """The square makes the incoming gradient depend on x, too."""

    def penalty(f, x):
        g = grad(f(x).pow(2).sum(), x, create_graph=True)[0]
        return grad(g.pow(2).sum(), x)[0]

    for dtype in (torch.float64, torch.float32):
        x = draw(4, 3, dtype=dtype)
        torch.testing.assert_close(log_sum_exp(x), plain(x))
        torch.testing.assert_close(penalty(log_sum_exp, x), penalty(plain, x))

# --8<-- [end:tests]


# --8<-- [start:transforms]
def test_forward_mode():
    x, v = draw(4, 3).detach(), torch.randn(4, 3, dtype=torch.float64)
    for ours, true in zip(jvp(log_sum_exp, (x,), (v,)), jvp(plain, (x,), (v,))):
        torch.testing.assert_close(ours, true)
    assert gradcheck(log_sum_exp, x.clone().requires_grad_(), check_forward_ad=True)


def test_both_hessians():
    x = draw(3).detach()
    for way in (hessian, lambda f: jacrev(jacrev(f))):
        torch.testing.assert_close(way(log_sum_exp)(x), way(plain)(x))


def test_vmap_over_each_dimension_and_of_derivatives():
    x = draw(4, 5, 3).detach()
    for dim in (0, 1):
        ours = vmap(jacrev(jacrev(lambda x: log_sum_exp(x).sum())), dim)(x)
        true = vmap(jacrev(jacrev(lambda x: plain(x).sum())), dim)(x)
        torch.testing.assert_close(ours, true)


def test_many_rows_at_once():
    x = draw(3).detach()
    row = vjp(torch.func.grad(log_sum_exp), x)[1]
    H = vmap(row)(torch.eye(3, dtype=x.dtype))[0]
    torch.testing.assert_close(H, hessian(plain)(x))


def test_the_third_derivative_raises():
    x = draw(3)
    g = grad(log_sum_exp(x), x, create_graph=True)[0]
    h = grad(g[0], x, create_graph=True)[0]
    try:
        grad(h.sum() + g.sum() + log_sum_exp(x), x)
    except NotImplementedError:
        return
    raise AssertionError("the third derivative is silent")


def test_complex_numbers_raise():
    try:
        log_sum_exp(draw(3) * 1j)
    except TypeError:
        return
    raise AssertionError("the gradient of complex numbers is silent")
# --8<-- [end:transforms]


torch.manual_seed(0)
tests = [test for name, test in list(globals().items()) if name.startswith("test_")]
for test in tests:
    test()
print(len(tests), "tests passed")
#> 10 tests passed
