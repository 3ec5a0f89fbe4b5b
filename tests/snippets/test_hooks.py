"""Oracles for docs/pitfalls/hooks.md: SymPy, differences and closed forms, never autograd."""

import numpy as np
import pytest
import sympy
import torch

FOLDER = "pitfalls/hooks/"
X = sympy.Symbol("x")
SLOPE = (X**3).diff(X)


def test_hook_of_a_body(values):
    """The gradient of the penalty on a slope that a hook makes ten times as large."""
    torch.manual_seed(0)
    body, head = torch.nn.Linear(2, 16), torch.nn.Linear(16, 16)
    last = torch.nn.Linear(16, 1)
    W, b, V, c, v = (
        one.detach().double().numpy()
        for one in (body.weight, body.bias, head.weight, head.bias, last.weight[0])
    )
    x = torch.randn(8, 2, dtype=torch.float64).numpy()

    def penalty(W):
        h = np.tanh(x @ W.T + b)
        inner = (1 - np.tanh(h @ V.T + c) ** 2) * v @ V
        slope = 10 * (inner * (1 - h**2)) @ W
        return ((np.linalg.norm(slope, axis=1) - 1) ** 2).mean()

    gradient = np.zeros_like(W)
    for index in np.ndindex(*W.shape):
        move = np.zeros_like(W)
        move[index] = 1e-6
        gradient[index] = (penalty(W + move) - penalty(W - move)) / 2e-6
    right, wrong = values(FOLDER + "step_right.py"), values(FOLDER + "step.py")
    assert right["norm"] == pytest.approx(np.linalg.norm(gradient), rel=1e-5)
    assert wrong["norm"] != pytest.approx(right["norm"], rel=0.5)
    assert penalty(W) == pytest.approx(wrong["P"])


def test_scaled(values):
    """The penalty (30 x^2)^2 has the gradient 28800 at x = 2; a hook makes it ten times that."""
    true = float(((10 * SLOPE) ** 2).diff(X).subs(X, 2))
    for name in ("scaled_right.py", "removed.py", "guarded.py"):
        assert values(FOLDER + name)["dP_dx"] == true
    for name in ("scaled.py", "scaled_module.py"):
        wrong = values(FOLDER + name)
        assert wrong["P"] == float(((10 * SLOPE) ** 2).subs(X, 2))
        assert wrong["dP_dx"] == 10 * true


def test_clamped(values):
    """At x = 0.5 the slope is inside the limits, so the penalty is (3 x^2)^2."""
    true = float((SLOPE**2).diff(X).subs(X, 0.5))
    assert abs(SLOPE.subs(X, 0.5)) < 1
    assert values(FOLDER + "clamped_right.py")["dP_dx"] == true
    assert values(FOLDER + "clamped.py")["dP_dx"] == min(true, 1.0)


def test_masks(values):
    """A mask is harmless if it is the same in both passes."""
    assert values(FOLDER + "masks.py")["found"] == [True, False, False]


def test_reversed(values):
    """The reversed slope -3 x^2 has the derivative -12 at x = 2."""
    true = float((-SLOPE).diff(X).subs(X, 2))
    assert values(FOLDER + "negated.py")["dr_dx"] == [true]
    assert values(FOLDER + "reversal.py")["dr_dx"] == [-true]


def test_both_terms(values):
    """The hook multiplies the loss gradient by 10 and that of the penalty by 1000, not by 100."""
    mixed = values(FOLDER + "mixed.py")
    loss, penalty = (float(f.diff(X).subs(X, 2)) for f in (X**3, SLOPE**2))
    assert mixed["dL_dx"] == 10 * loss
    assert mixed["dP_dx"] == 1000 * penalty
    assert float(((10 * SLOPE) ** 2).diff(X).subs(X, 2)) == 100 * penalty


def test_who_is_called(values):
    """A post-accumulate hook waits for .grad; the others see both passes."""
    found = values(FOLDER + "seen.py")
    assert {name for name, _ in found["first"]} == {"module", "tensor"}
    assert {name for name, _ in found["seen"]} == {"module", "tensor", "accumulated"}
    assert values(FOLDER + "in_place_module_right.py")["calls"] == [True, False]


def test_hook_that_doubles_one_term(values):
    """With y = x^3 + 2x and the path through 2x doubled, g = 2y 3x^2 + 2 (2y) 2."""
    y = X**3 + 2 * X
    g = 2 * y * 3 * X**2 + 2 * (2 * y) * 2
    right = values(FOLDER + "changed_right.py")
    assert right["g"] == pytest.approx([float(g.subs(X, value)) for value in (1, 2)])
    slope = [float(g.diff(X).subs(X, value)) for value in (1, 2)]
    assert right["dg_dx"] == pytest.approx(slope)


def test_loss_with_penalty(values):
    """The gradient of sum(w^3) + sum((3 w^2)^2) is 3 w^2 + 36 w^3."""
    true = [3 * w**2 + 36 * w**3 for w in (1.0, 2.0)]
    assert values(FOLDER + "not_detached.py")["dT_dw"] == pytest.approx(true)
    assert values(FOLDER + "detached.py")["dT_dw"] == pytest.approx([3.0, 12.0])
    assert "doesn't require gradient" in values(FOLDER + "not_differentiable.py")["error"]


def test_constant_gradient_in_the_inner_pass():
    """A hook behind the last operation sees ones, which require no gradient in either pass."""
    slopes = {}
    for asks in ("requires_grad", "is_grad_enabled"):

        def scale(grad, asks=asks):
            recorded = torch.is_grad_enabled() if asks == "is_grad_enabled" else grad.requires_grad
            return 10 * grad if recorded else grad

        x = torch.tensor([2.0], requires_grad=True)
        y = x**3
        y.register_hook(scale)
        g = torch.autograd.grad(y.sum(), x, create_graph=True)[0]
        slopes[asks] = (g.item(), torch.autograd.grad(g.pow(2).sum(), x)[0].item())
    true = float(((10 * SLOPE) ** 2).diff(X).subs(X, 2))
    assert slopes["is_grad_enabled"] == (float(10 * SLOPE.subs(X, 2)), true)
    assert slopes["requires_grad"][0] == float(SLOPE.subs(X, 2))
