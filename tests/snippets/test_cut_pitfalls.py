"""Oracles for the pitfalls in which the graph is cut: closed forms and finite differences."""

import functools
import math

import numpy as np
import pytest
import torch
from torch.utils.checkpoint import checkpoint


def slope(function, at, step=1e-6):
    """Central difference of a function of one number."""
    return (function(at + step) - function(at - step)) / (2 * step)


def test_second_forward(values):
    """The gradient of sum w^3 + sum (3 w^2)^2 is 3 w^2 + 36 w^3."""
    w = np.array([1.0, 2.0])
    true = (3 * w**2 + 36 * w**3).tolist()
    assert values("pitfalls/default_flags/right.py")["dL_dw"] == true
    assert values("pitfalls/default_flags/second_forward.py")["dL_dw"] != true


def test_a_part_is_lost(values):
    """With x = (1, 2), the loss is 2 w + 2 w^2 (1 + 2)."""
    true = slope(lambda w: 2 * w + 6 * w**2, 1.0)
    assert values("pitfalls/default_flags/batch_right.py")["slope"] == pytest.approx(true)
    wrong = values("pitfalls/default_flags/batch.py")
    assert wrong["slope"] != pytest.approx(true)
    assert wrong["inner"] == [2 * w**2 * x for w, x in ((1, 1), (1, 2))]


def test_penalty_under_no_grad(values):
    """With y = sum w x^3, the gradient of y + sum (3 w x^2)^2 is x^3 + 18 w x^4."""
    w, x = np.array([1.0, 2.0]), np.array([1.0, 3.0])
    true = (x**3 + 18 * w * x**4).tolist()
    assert values("pitfalls/no_grad/penalty_right.py")["dL_dw"] == true
    assert values("pitfalls/no_grad/penalty.py")["dL_dw"] != true


def test_slope_in_evaluation(report, values):
    """The gradient of sum(w x^3) is 3 w x^2, by enable_grad and, in both modes, by torch.func."""
    true = (3 * np.array([1.0, 2.0]) * np.array([1.0, 3.0]) ** 2).tolist()
    assert values("pitfalls/no_grad/func_grad.py")["slope"] == true
    for name in ("enabled", "func_grad"):
        assert f"{true}" in report.verdicts[f"pitfalls/no_grad/{name}.py"].snippet.text
    assert "grad_fn" in values("pitfalls/no_grad/validate.py")["error"]
    assert values("pitfalls/no_grad/validate_right.py")["loss"] > 0


def test_no_grad_in_torch_func(values):
    """The loss a + 2 * 3 a^2 has the derivative 1 + 12 a."""
    true = slope(lambda a: a + 6 * a**2, 1.0)
    assert values("pitfalls/no_grad/func_right.py")["slope"] == pytest.approx(true)
    assert values("pitfalls/no_grad/func.py")["slope"] != pytest.approx(true)


def test_copied_input(values):
    """With x = 2 c, P = 3 x^2 = 12 c^2 has the derivative 24 c."""
    true = slope(lambda c: 3 * (2 * c) ** 2, 1.0)
    assert values("pitfalls/unused_input/not_copied.py")["dP_dc"] == pytest.approx(true)
    assert values("pitfalls/unused_input/copied.py")["dP_dc"] != pytest.approx(true)


def test_scaled_input(values):
    """The second derivative of sin(10 x) is -100 sin(10 x)."""
    true = -100 * np.sin(10 * np.array([0.1, 0.2]))
    assert values("pitfalls/unused_input/not_scaled.py")["u_xx"] == pytest.approx(true, rel=1e-12)
    assert values("pitfalls/unused_input/scaled.py")["u_xx"] != pytest.approx(true, rel=1e-12)


def test_meta_gradient(values):
    """The square of t - 0.1 * 4 t^3 has the derivative -0.24 at t = 1."""
    true = slope(lambda t: (t - 0.4 * t**3) ** 2, 1.0)
    assert values("pitfalls/optimizer_step/functional.py")["meta_gradient"] == pytest.approx(true)
    for name in ("step", "parameter"):
        wrong = values(f"pitfalls/optimizer_step/{name}.py")["meta_gradient"]
        assert wrong != pytest.approx(true)


def after_one_step(w1, b1, w2, b2):
    """The losses of two tasks, sin(x) and sin(x + 1), after one step with the gradient in NumPy."""
    x, total = np.linspace(-2, 2, 9), 0
    for phase in (0, 1):
        h = np.tanh(np.outer(x, w1) + b1)
        error = (h @ w2 + b2 - np.sin(x + phase)) * 2 / len(x)
        inner = np.outer(error, w2) * (1 - h**2)
        moved = np.tanh(np.outer(x, w1 - 0.1 * inner.T @ x) + b1 - 0.1 * inner.sum(0))
        u = moved @ (w2 - 0.1 * h.T @ error) + b2 - 0.1 * error.sum()
        total += np.mean((u - np.sin(x + phase)) ** 2)
    return total


def test_meta_gradient_of_a_module(values):
    """Differences of the losses after a step, in every weight, have the length that is stated."""
    torch.manual_seed(0)
    layers = torch.nn.Linear(1, 8), torch.nn.Linear(8, 1)
    weights = [p.detach().double().numpy().ravel() for layer in layers for p in layer.parameters()]
    weights[3] = weights[3][0]
    square, h = 0, 1e-5
    for number, weight in enumerate(weights):
        for index in np.ndindex(np.shape(weight)):
            move = np.zeros(np.shape(weight))
            move[index] = h
            high, low = (
                after_one_step(*weights[:number], weight + sign * move, *weights[number + 1 :])
                for sign in (1, -1)
            )
            square += ((high - low) / (2 * h)) ** 2
    found = values("pitfalls/optimizer_step/maml_right.py")["meta_gradient"]
    assert found == pytest.approx(square**0.5, abs=1e-4)
    assert values("pitfalls/optimizer_step/maml.py")["meta_gradient"] is None


def test_buffers_of_the_model(values):
    """Three inner steps update batch norm's statistics, unless it is given a copy of them."""
    found = values("pitfalls/optimizer_step/batch_norm.py")
    assert [found["without_buffers"], found["with_buffers"]] == [3, 0]


def test_checkpoint_inside_the_model(values):
    """The derivative of (w x)^2 at w = 2 is 4; at the module's own weight of 1 it is 2."""
    right, wrong = (
        values(f"pitfalls/optimizer_step/{name}.py")
        for name in ("checkpointed_right", "checkpointed")
    )
    assert right["u"] == wrong["u"] == 2**2
    assert right["slope"] == pytest.approx(slope(lambda w: w**2, 2.0))
    assert wrong["slope"] == pytest.approx(slope(lambda w: w**2, 1.0))


def test_replica(values):
    """A replica has no parameters to begin with; its weight, by name, leads to the original."""
    assert values("pitfalls/optimizer_step/replica.py")["error"].startswith("StopIteration")
    assert values("pitfalls/optimizer_step/replica_right.py")["g"] == [[1.0, 1.0]]


def test_hidden_intermediates(values):
    """y' + y'' for x e^x and for tanh; what is left without y''."""
    for right, wrong, at, slope_of_y in (
        ("torch_backward", "numpy_backward", 0.5, lambda x: (1 + x) * math.exp(x)),
        ("kernel", "numpy_backward", 0.5, lambda x: (1 + x) * math.exp(x)),
        ("saved_output", "only_intermediate", 0.8, lambda x: 1 - math.tanh(x) ** 2),
    ):
        true = slope_of_y(at) + slope(slope_of_y, at)
        found = values(f"pitfalls/hidden_intermediates/{right}.py")["dL_dx"]
        assert found == pytest.approx(true, abs=1e-4)
        cut = values(f"pitfalls/hidden_intermediates/{wrong}.py")["dL_dx"]
        assert cut == pytest.approx(slope_of_y(at), abs=1e-4)
        assert cut != pytest.approx(true, abs=1e-4)


def test_once_differentiable(values):
    """y' + y'' for x^2 and for exp(x^2); what is left without y''."""
    for right, wrong, slope_of_y in (
        ("twice", "silent", lambda x: 2 * x),
        ("pruned_right", "pruned", lambda x: 2 * x * math.exp(x**2)),
    ):
        true = slope_of_y(0.5) + slope(slope_of_y, 0.5)
        found = values(f"pitfalls/once_differentiable/{right}.py")["dL_dx"]
        assert found == pytest.approx(true, abs=1e-4)
        cut = values(f"pitfalls/once_differentiable/{wrong}.py")["dL_dx"]
        assert cut == pytest.approx(slope_of_y(0.5), abs=1e-4)
        assert cut != pytest.approx(true, abs=1e-4)
    second = slope(lambda x: 2 * x, 0.5)
    assert values("pitfalls/once_differentiable/func_right.py")["second"] == pytest.approx(second)
    assert values("pitfalls/once_differentiable/func.py")["second"] == 0
    loud = values("pitfalls/once_differentiable/loud.py")
    assert loud["slope"] == 2 * 0.5 and "only once" in loud["error"]


def test_hessian_over_parameters(values):
    """The Hessian of (w x)^2 is 2 x x^T, with the trace 10; weight decay adds 4."""
    x = np.array([1.0, 2.0])
    true = 2 * np.outer(x, x)
    folder = "pitfalls/functional_over_parameters/"
    for name in ("functional_call", "func_right"):
        assert values(f"{folder}{name}.py")["hessian"] == true.tolist()
    for name in ("zeros", "func", "written"):
        assert values(f"{folder}{name}.py")["hessian"] == np.zeros((2, 2)).tolist()
    assert values(f"{folder}functional_call.py")["curvature"] == true.trace()
    assert values(f"{folder}regularized_right.py")["curvature"] == true.trace() + 4
    assert values(f"{folder}regularized.py")["curvature"] == 4


def test_hessian_of_a_network(values):
    """A block of mixed derivatives is the transpose of the other, and not zero."""
    found = values("pitfalls/functional_over_parameters/network.py")
    assert found["shape"] == [3, 2, 1] and found["symmetric"] is True
    assert np.any(np.array(found["block"]))


def test_copies_of_a_model(values):
    """(w - 0.4 * 2 w)^2 has the derivative 0.24 at w = 3."""
    true = slope(lambda w: (w - 0.8 * w) ** 2, 3.0)
    found = values("pitfalls/optimizer_step/copy_right.py")["meta_gradient"]
    assert found == pytest.approx(true)
    loaded = values("pitfalls/optimizer_step/load_state.py")
    assert loaded["meta_gradient"] == 0
    assert loaded["outer_loss"] == pytest.approx((3 - 0.8 * 3) ** 2)


def test_what_an_inference_tensor_can_do():
    """It can be added and differentiated by torch.func, but not saved, labeled or changed."""
    w = torch.ones(2, requires_grad=True)
    with torch.inference_mode():
        x, index = torch.ones(2), torch.tensor([0])
        with torch.inference_mode(False):
            assert all(one.is_inference() for one in (x.detach(), x.float(), x[:1]))
            assert not x.clone().is_inference()
    assert (w + x).sum().requires_grad
    for save in (lambda: w * x, lambda: w[index]):
        with pytest.raises(RuntimeError, match="Inference tensors cannot be saved"):
            save()
    with pytest.raises(RuntimeError, match="Setting requires_grad=True on inference tensor"):
        x.detach().requires_grad_()
    with pytest.raises(RuntimeError, match="Inplace update to inference tensor"):
        x.add_(1)


def test_weights_of_inference_mode():
    """Built there or assigned, they cannot be saved; copied into a model, they can."""

    def net():
        return torch.nn.Sequential(torch.nn.Linear(2, 2), torch.nn.Linear(2, 1))

    copied, assigned = net(), net()
    with torch.inference_mode():
        built = net()
        copied.load_state_dict(built.state_dict())
        assigned.load_state_dict(built.state_dict(), assign=True)
    copied(torch.ones(3, 2)).sum().backward()
    for one in (built, assigned):
        with pytest.raises(RuntimeError, match="Inference tensors cannot be saved"):
            one(torch.ones(3, 2))


def test_a_table_that_a_validation_left_behind():
    """The next training step cannot save it."""
    tables = []

    def rotated(x):
        if not tables:
            tables.append(torch.arange(2.0).cos())
        return x * tables[0]

    x = torch.ones(2, requires_grad=True)
    with torch.inference_mode():
        rotated(x)
    with pytest.raises(RuntimeError, match="Inference tensors cannot be saved"):
        rotated(x)


def test_what_torch_func_does_not_take():
    """Batch normalization in training mode, and a checkpoint, whatever the mode around it."""
    norm, x = torch.nn.BatchNorm1d(2), torch.ones(3, 2)
    recomputed = functools.partial(checkpoint, torch.sin, use_reentrant=False)
    for mode in (torch.no_grad, torch.inference_mode):
        with mode():
            for net in (norm.train(), recomputed):
                with pytest.raises(RuntimeError):
                    torch.func.grad(lambda x: net(x).sum())(x)  # noqa: B023
            norm.eval()
            assert torch.func.grad(lambda x: norm(x).sum())(x).shape == x.shape


def test_backward_leaves_a_constant():
    """.grad is one, unless backward is told otherwise."""
    w = torch.ones(2, requires_grad=True)
    (w**3).sum().backward()
    assert not w.grad.requires_grad
