"""Oracles for docs/pitfalls/frameworks.md: SymPy and closed forms, never autograd."""

import warnings

import pytest
import sympy
import torch

FOLDER = "pitfalls/frameworks/"
W, X = sympy.symbols("w x")
Y = W * X**3


def by_w(expression):
    return float(sympy.diff(expression, W).subs({W: 1, X: 1}))


def test_forces(values):
    """The gradient of the sum of w x^2 by x is 2 w x."""
    true = [2 * 1 * 3, 2 * 2 * 4]
    for name in ("validation_no_grad.py", "weights_right.py"):
        assert values(FOLDER + name)["forces"] == true


def test_forces_in_inference_mode(values):
    """Left by inference_mode(False), it gives forces that are not zero."""
    assert values(FOLDER + "validation_right.py")["nonzero"] is True


def test_erased(values):
    """Both terms count; what was differentiated inside the step is gone."""
    loss, penalty = Y**2, sympy.diff(Y, X) ** 2
    assert values(FOLDER + "zero_grad_right.py")["dT_dw"] == by_w(loss + penalty)
    assert values(FOLDER + "zero_grad.py")["dT_dw"] == by_w(penalty) != by_w(loss + penalty)


def test_divided(values):
    """Two equal micro-batches give the gradient of one; an early division gives less."""
    loss = Y**2
    true = by_w(loss + sympy.diff(loss, X) ** 2)
    early = 2 * by_w(loss / 2 + sympy.diff(loss / 2, X) ** 2)
    assert values(FOLDER + "scaled_right.py")["dT_dw"] == pytest.approx(true)
    assert values(FOLDER + "scaled.py")["dT_dw"] == pytest.approx(early)
    assert early != pytest.approx(true, rel=0.1)


def test_closure(values):
    """The minimum of (w - 2)^2 + 9 w^2, where its derivative is zero."""
    total = ((Y - 2) ** 2 + sympy.diff(Y, X) ** 2).subs(X, 1)
    (minimum,) = sympy.solve(sympy.diff(total, W), W)
    assert values(FOLDER + "closure_right.py")["w_after"] == pytest.approx(float(minimum), rel=1e-4)


def test_errors(values):
    """What raises, and what it says."""
    assert "element 0" in values(FOLDER + "validation.py")["error"]
    assert "a second time" in values(FOLDER + "closure.py")["error"]
    for name in ("batch.py", "weights.py"):
        assert "nference tensor" in values(FOLDER + name)["error"]


def test_two_steps_of_a_second_order_optimizer(values):
    """On a bowl along the axes, the diagonal is the Hessian, and one Newton step ends at 1."""
    assert values("pitfalls/frameworks/second_order.py")["w"] == pytest.approx([1, 1], abs=1e-6)


@pytest.mark.parametrize(("how", "value", "product"), [("clip", 0.5, 1), ("unscale", 1, 8)])
def test_a_gradient_that_is_changed_in_place_keeps_its_graph(how, value, product):
    """The product with the Hessian, 6 w, is that of the unclipped and of the scaled gradient."""
    w = torch.tensor([1.0, 2.0], requires_grad=True)
    true = 3 * w.detach() ** 2
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if how == "clip":
            (w**3).sum().backward(create_graph=True)
            torch.nn.utils.clip_grad_norm_([w], true.norm().item() / 2)
        else:
            scaler = torch.amp.GradScaler("cpu", init_scale=8.0)
            scaler.scale((w**3).sum()).backward(create_graph=True)
            scaler.unscale_(torch.optim.SGD([w]))
    assert w.grad.tolist() == pytest.approx((value * true).tolist(), rel=1e-5)
    found = torch.autograd.grad(w.grad.sum(), w)[0]
    assert found.tolist() == pytest.approx((product * 6 * w).tolist())
