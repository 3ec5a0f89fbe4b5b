"""Oracles for docs/pitfalls/differentiable-optimizers.md: SymPy, and optimizers in NumPy."""

import math

import numpy
import pytest
import sympy
import torch

FOLDER = "pitfalls/differentiable_optimizers/"


def test_one_step_of_momentum(values):
    """M = (a - 0.4 a^3)^2 has the derivative -0.24 at a = 1, and 1.2 with a constant step."""
    a = sympy.Symbol("a")
    true = float(((a - sympy.Rational(4, 10) * a**3) ** 2).diff(a).subs(a, 1))
    assert true == pytest.approx(-0.24)
    assert values(FOLDER + "momentum_right.py")["dM_da"] == pytest.approx(true, rel=1e-5)
    assert values(FOLDER + "difference.py")["dM_da"] == pytest.approx(true, rel=1e-5)
    wrong = values(FOLDER + "momentum.py")
    assert wrong["M"] == pytest.approx(0.36)
    assert wrong["dM_da"] == pytest.approx(2 * 0.6)


def test_curve_of_momentum(values):
    """By a, M = t^2 has the derivative 2 t (1 - 1.2 a^2); a constant step leaves 2 t."""
    found, a = values(FOLDER + "curve.py"), numpy.linspace(0, 1.5, 61)
    t = a - 0.4 * a**3
    assert found["starts"] == pytest.approx(a)
    assert found["zeros"] == pytest.approx(2 * t * (1 - 1.2 * a**2), rel=1e-9)
    assert found["fresh"] == pytest.approx(2 * t, rel=1e-9)
    opposite = a[1.2 * a**2 > 1]
    assert [found["first"], found["last"]] == pytest.approx([opposite[0], opposite[-1]])


def adam(kind, g, state, k, lr=0.1, b1=0.9, b2=0.999, eps=1e-8):
    """One step of Adam, with the maximum of the squares if ``kind`` says so."""
    state["m"] = b1 * state.get("m", 0) + (1 - b1) * g
    state["v"] = b2 * state.get("v", 0) + (1 - b2) * g * g
    v = state["v"]
    if kind == "Adam amsgrad":
        v = state["max"] = max(state.get("max", 0), v)
    m, v = state["m"] / (1 - b1**k), v / (1 - b2**k)
    return lr * m / (numpy.sqrt(v) + eps)


def step(kind, t, g, state, k, lr=0.1):
    """What one step subtracts from t, for some of the optimizers."""
    if kind == "SGD":
        return lr * g
    if kind == "SGD momentum":
        state["m"] = 0.9 * state.get("m", 0) + g
        return lr * state["m"]
    if kind.startswith("Adam") and kind != "Adamax":
        decay = 0.01 * lr * t if kind == "AdamW" else 0
        return decay + adam(kind, g, state, k)
    if kind == "Adamax":
        state["m"] = 0.9 * state.get("m", 0) + 0.1 * g
        state["u"] = max(0.999 * state.get("u", 0), abs(g) + 1e-8)
        return lr / (1 - 0.9**k) * state["m"] / state["u"]
    if kind == "Adagrad":
        state["s"] = state.get("s", 0) + g * g
        return lr * g / (numpy.sqrt(state["s"]) + 1e-10)
    if kind.startswith("RMSprop"):
        state["s"] = 0.99 * state.get("s", 0) + 0.01 * g * g
        state["a"] = 0.99 * state.get("a", 0) + 0.01 * g
        centered = state["a"] ** 2 if "centered" in kind else 0
        g = g / (numpy.sqrt(state["s"] - centered) + 1e-8)
        state["m"] = 0.9 * state.get("m", 0) + g
        return lr * (state["m"] if "momentum" in kind else g)
    if kind == "Adadelta":
        state["s"] = 0.9 * state.get("s", 0) + 0.1 * g * g
        change = numpy.sqrt(state.get("d", 0) + 1e-6) / numpy.sqrt(state["s"] + 1e-6) * g
        state["d"] = 0.9 * state.get("d", 0) + 0.1 * change**2
        return lr * change
    return None


def meta_loss(kind, a):
    """The meta-loss after three steps on t^4 + t^2."""
    t, state = a, {}
    for k in (1, 2, 3):
        t = t - step(kind, t, 4 * t**3 + 2 * t, state, k)
    return t**2


def test_optimizers(values):
    """Of those that return a number, only SGD with momentum is wrong."""
    raised = set()
    for kind, found, difference in values(FOLDER + "optimizers.py")["rows"]:
        if step(kind, 1.0, 1.0, {}, 1) is not None:
            h = 1e-6
            true = (meta_loss(kind, 1 + h) - meta_loss(kind, 1 - h)) / (2 * h)
            assert difference == pytest.approx(true, rel=1e-5, abs=1e-6), kind
        if found is None:
            raised.add(kind)
        elif kind == "SGD momentum":
            assert found != pytest.approx(difference, rel=0.1)
        else:
            assert found == pytest.approx(difference, rel=1e-5), kind
    assert raised == {"Adam amsgrad", "Adamax", "RMSprop centered", "Rprop"}


def test_momentum_by_hand(values):
    """Three steps of momentum, written out, have the meta-gradient of the finite difference."""
    h = 1e-6
    true = (meta_loss("SGD momentum", 1 + h) - meta_loss("SGD momentum", 1 - h)) / (2 * h)
    result = values(FOLDER + "by_hand.py")
    assert result["dM_da"] == pytest.approx(true, rel=1e-6)
    assert result["difference"] == pytest.approx(true, rel=1e-6)


def test_adam_at_zero(values):
    """The first step of Adam is 0.1 sign(g): M = (a1 - 0.1)^2, and the second entry stays."""
    right, wrong = values(FOLDER + "adam_right.py"), values(FOLDER + "adam.py")
    assert right["dM_da"] == pytest.approx([2 * 0.9, 0.0], abs=1e-5)
    assert right["t"] == pytest.approx(wrong["t"], abs=1e-6)
    assert math.isnan(float(wrong["dM_da"][1]))


def test_rate(values):
    """The derivative of (a - rate * 4 a^3)^2 with respect to the rate."""
    a, rate = sympy.symbols("a rate")
    true = sympy.diff((a - rate * 4 * a**3) ** 2, rate).subs({a: 1, rate: 0.1})
    assert values(FOLDER + "rate.py")["dM_drate"] == pytest.approx(float(true), rel=1e-6)


def unrolled(kind, rate, **options):
    """The loss after three steps from 1, at a rate that may be a tensor."""
    t = torch.ones(1, dtype=torch.float64, requires_grad=True).clone()
    optimizer = kind([t], lr=rate, differentiable=True, **options)
    for _ in range(3):
        L = t.clone().pow(4).sum() + t.clone().pow(2).sum()
        t.grad = torch.autograd.grad(L, t, create_graph=True)[0]
        optimizer.step()
    return t.pow(2).sum()


@pytest.mark.parametrize("kind", ["SGD", "Adam", "AdamW", "RAdam"])
def test_rate_as_a_tensor(kind):
    """Its gradient is that of a central difference, wide because Adam counts steps in float32."""
    kind, rate = getattr(torch.optim, kind), torch.tensor(0.1, dtype=torch.float64)
    (found,) = torch.autograd.grad(unrolled(kind, rate.requires_grad_()), rate)
    difference = (unrolled(kind, 0.1 + 1e-3) - unrolled(kind, 0.1 - 1e-3)) / 2e-3
    assert found.item() == pytest.approx(difference.item(), rel=1e-3)


@pytest.mark.parametrize(
    "kind, error",
    [
        *(("Adagrad", TypeError), ("Adadelta", TypeError), ("RMSprop", TypeError)),
        *(("NAdam", RuntimeError), ("ASGD", RuntimeError)),
    ],
)
def test_rate_as_a_tensor_that_raises(kind, error):
    """The others refuse it, overwrite what they have saved, or do not use it."""
    rate = torch.tensor(0.1, dtype=torch.float64, requires_grad=True)
    with pytest.raises(error):
        torch.autograd.grad(unrolled(getattr(torch.optim, kind), rate), rate)
