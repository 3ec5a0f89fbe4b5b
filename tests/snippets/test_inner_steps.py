"""Oracles for docs/pitfalls/inner-steps.md: the product of factors, never autograd."""

import math

import pytest
import torch
from torch.utils.checkpoint import checkpoint

FOLDER = "pitfalls/inner_steps/"
RATE = 0.1


def path(w=1.0, steps=8):
    """The inner steps w - rate * w^3, in float64."""
    points = [w]
    for _ in range(steps):
        points.append(points[-1] - RATE * points[-1] ** 3)
    return points


def outer(first):
    """dJ/dw at step `first`: w_8 times the factors of the steps from there on."""
    points = path()
    return points[-1] * math.prod(1 - 3 * RATE * w**2 for w in points[first:-1])


def test_outer_gradient(values):
    """The product of all factors; a difference quotient agrees; short cuts do not."""
    h = 1e-6
    quotient = (path(1 + h)[-1] ** 2 - path(1 - h)[-1] ** 2) / (4 * h)
    assert outer(0) == pytest.approx(quotient, rel=1e-8)
    assert values(FOLDER + "full.py")["dJ_dw0"] == pytest.approx(outer(0), rel=1e-5)
    for name, first in (("truncated", 4), ("first_order", 8)):
        found = values(FOLDER + name + ".py")["dJ_dw0"]
        assert found == pytest.approx(outer(first), rel=1e-5)
        assert found != pytest.approx(outer(0), rel=0.5)


def test_checkpointed_tasks(values):
    """One pass per task and recomputed steps give the meta-gradient of the sum, to rounding."""
    plain, right = (
        values(f"{FOLDER}{name}.py")["meta_gradient"] for name in ("maml", "maml_right")
    )
    assert plain == pytest.approx(right, rel=1e-12)
    assert any(plain)


def test_same_value(values):
    """The result of adaptation does not depend on the flag; what is kept does."""
    kept, freed = values(FOLDER + "evaluation.py"), values(FOLDER + "evaluation_right.py")
    assert kept["loss"] == pytest.approx(freed["loss"], rel=1e-12)
    assert kept["tensors_kept"] is True and freed["tensors_kept"] is False


def test_counts(values):
    """1024 float32 weights are 4 KiB: two tensors per step, one with checkpointing, or none."""
    found = values(FOLDER + "growth.py")
    assert found["exact"] == [2 * 4 * steps for steps in found["steps"]]
    assert found["checkpointed"] == [4 * steps for steps in found["steps"]]
    assert found["first_order"] == [0] * len(found["steps"])


def test_cut_gradients(values):
    """The last steps' factors alone: one more of them each time, up to all eight."""
    found = values(FOLDER + "cut.py")
    assert found["found"] == pytest.approx([outer(8 - kept) for kept in range(9)], rel=1e-12)
    names = ("none", "four", "all_eight")
    assert [found[name] for name in names] == [found["found"][kept] for kept in (0, 4, 8)]


def test_reentrant_checkpoint_around_a_step():
    """The step runs without a graph, so that the gradient in it cannot be taken."""
    step = lambda w: w - 0.1 * torch.autograd.grad(w**4, w, create_graph=True)[0]  # noqa: E731
    w = torch.tensor(1.0, requires_grad=True)
    with pytest.raises(RuntimeError, match="element 0 of tensors does not require grad"):
        checkpoint(step, w, use_reentrant=True)
    (slope,) = torch.autograd.grad(checkpoint(step, w, use_reentrant=False) ** 2, w)
    assert slope.item() == pytest.approx(2 * 0.6 * (1 - 1.2))


def test_retain_graph_gives_first_order(values):
    """With retain_graph=True in the place of create_graph=True, each factor is 1."""
    start = w = torch.ones(3, requires_grad=True)
    for _ in range(8):
        w = w - 0.1 * torch.autograd.grad((w**4).sum() / 4, w, retain_graph=True)[0]
    (found,) = torch.autograd.grad((w**2).sum() / 2, start)
    assert found[0].item() == pytest.approx(values(FOLDER + "first_order.py")["dJ_dw0"])
