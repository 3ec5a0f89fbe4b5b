"""Oracles for docs/pitfalls/unused-input.md: SymPy and finite differences, never autograd."""

import numpy
import pytest
import torch

FOLDER = "pitfalls/unused_input/"


def test_the_tensor_that_went_in(values):
    """Its slope is held below that of the data, which is 2; that of a second one is not."""
    right, obeyed = values(FOLDER + "right.py"), values(FOLDER + "obeyed.py")
    means = [numpy.square(found["slope"]).sum(axis=1).mean() for found in (right, obeyed)]
    assert right["held"] and means[0] < 2
    assert not obeyed["held"] and means[1] > 3


@pytest.mark.parametrize("name", ["columns", "whole"])
def test_column_of_the_input(values, name):
    """u_tt of the network agrees with a second difference of its values, in both ways."""
    torch.manual_seed(0)
    net = torch.nn.Sequential(torch.nn.Linear(2, 8), torch.nn.Tanh(), torch.nn.Linear(8, 1))
    net = net.double().requires_grad_(False)
    x, t = torch.rand(2, 5, 1, dtype=torch.float64)

    def u(moved):
        return net(torch.cat([x, t + moved], dim=1))

    step = 1e-4
    true = (u(step) - 2 * u(0.0) + u(-step)) / step**2
    found = values(f"{FOLDER}{name}.py")["u_tt"]
    assert numpy.array(found)[:, -1:] == pytest.approx(true.numpy(), rel=1e-5)


def test_inner_step(values):
    """One step of descent on w^4 before w^2, against a central difference."""

    def outer(w):
        return (w - 0.1 * 4 * w**3) ** 2

    h = 1e-5
    true = (outer(1 + h) - outer(1 - h)) / (2 * h)
    assert values(FOLDER + "inner_step_right.py")["meta"] == pytest.approx(true, rel=1e-5)
    assert "index 0" in values(FOLDER + "inner_step.py")["error"]


def test_inner_steps_of_a_layer(values):
    """Two steps of descent on a linear regression before its loss, by central differences."""
    torch.manual_seed(0)
    layer = torch.nn.Linear(2, 1)
    x, y = (torch.randn(8, size).double().numpy() for size in (2, 1))
    start = layer.weight[0].double().tolist(), layer.bias.double().item()

    def outer(w, b):
        for _ in range(2):
            off = x @ w + b - y[:, 0]
            w, b = w - 0.2 * off @ x / 8, b - 0.2 * off.mean()
        return numpy.square(x @ w + b - y[:, 0]).mean()

    moves = numpy.eye(2) * 1e-6
    w, b = numpy.array(start[0]), start[1]
    true = [(outer(w + move, b) - outer(w - move, b)) / 2e-6 for move in moves]
    found = values(FOLDER + "fast_weights.py")["meta"]
    assert found == [pytest.approx(true, rel=1e-4)]
    assert "index 0" in values(FOLDER + "first_weights.py")["error"]


def test_a_layer_that_is_left_out(values):
    """It stays without a gradient, and the others get theirs."""
    found = values(FOLDER + "unused_layer.py")
    assert found["missing"] == ["pooler.weight", "pooler.bias"]
    torch.manual_seed(0)
    body, head, _ = (torch.nn.Linear(*size) for size in ((2, 3), (3, 1), (3, 3)))
    x, y = (torch.randn(8, size).double().numpy() for size in (2, 1))
    start = [p.detach().double().numpy() for layer in (body, head) for p in layer.parameters()]

    def output(W, b, v, c):
        h = numpy.tanh(x @ W.T + b)
        return h, h @ v.T + c - y

    def outer(move):
        W, b, v, c = start[0] + move, *start[1:]
        for _ in range(2):
            h, off = output(W, b, v, c)
            back = off / 4
            inner = back @ v * (1 - h**2)
            grads = inner.T @ x, inner.sum(0), back.T @ h, back.sum(0)
            W, b, v, c = (p - 0.1 * g for p, g in zip((W, b, v, c), grads, strict=True))
        return numpy.square(output(W, b, v, c)[1]).mean()

    true = numpy.zeros((3, 2))
    for index in numpy.ndindex(3, 2):
        move = numpy.zeros((3, 2))
        move[index] = 1e-6
        true[index] = (outer(move) - outer(-move)) / 2e-6
    assert numpy.array(found["gradient"]) == pytest.approx(true, rel=1e-3, abs=1e-5)


def test_last_bias(values):
    """Only the bias that is added last drops out of the input gradient."""
    assert values(FOLDER + "named.py")["missing"] == ["2.bias"]
    assert "at index 3" in values(FOLDER + "last_bias.py")["error"]


def test_the_wrong_way_round():
    """The gradient is no input of what it was computed from."""
    x = torch.ones(2, requires_grad=True)
    y = (x**3).sum()
    g = torch.autograd.grad(y, x, create_graph=True)[0]
    with pytest.raises(RuntimeError, match="not have been used"):
        torch.autograd.grad(y, g, retain_graph=True)
    assert torch.autograd.grad(g.sum(), x)[0].tolist() == [6, 6]


def test_without_the_flag_the_input_is_not_in_the_gradient():
    """y du/dx depends on y alone, to autograd, if the gradient was not recorded."""
    x, y = (torch.tensor(value, requires_grad=True) for value in (2.0, 3.0))
    u_x = torch.autograd.grad(x**3 * y, x)[0]
    with pytest.raises(RuntimeError, match="not have been used"):
        torch.autograd.grad(y * u_x, x)


def test_zeros_that_require_a_gradient(values):
    """What stands in for an input that was not reached is zero, and passes for a gradient."""
    assert values(FOLDER + "both_flags.py")["zero"] == 0
    assert "'NoneType' object has no attribute 'pow'" in values(FOLDER + "none.py")["error"]


def test_the_input_that_is_cut_inside():
    """The very tensor that went in is not found behind a detach or no_grad in the network."""
    layer, x = torch.nn.Linear(2, 1), torch.ones(3, 2, requires_grad=True)

    def blind(x):
        with torch.no_grad():
            return 2 * x

    for cut in (torch.Tensor.detach, blind):
        with pytest.raises(RuntimeError, match="not have been used"):
            torch.autograd.grad(layer(cut(x)).sum(), x)


def second_step(detach):
    """The gradient of w'^4 by w and by w', after a step from w = 1 to w' = 0.6."""
    w = torch.ones((), requires_grad=True)
    fast = w - 0.1 * torch.autograd.grad(w**4, w, create_graph=True)[0]
    fast = fast.detach().requires_grad_() if detach else fast
    return [torch.autograd.grad(fast**4, one, retain_graph=True)[0].item() for one in (fast, w)]


def test_second_inner_step():
    """By the first weights it is another derivative, silently, or none if the step detached."""
    fast, first = second_step(detach=False)
    assert fast == pytest.approx(4 * 0.6**3)
    assert first == pytest.approx(4 * 0.6**3 * (1 - 1.2))
    with pytest.raises(RuntimeError, match="not have been used"):
        second_step(detach=True)


def test_steps_that_lose_the_way_in_silence():
    """After a step on .data or by an optimizer, the derivative of w'^2 is 2 w' = 1.2."""

    def by_data(w):
        w.data -= 0.1 * torch.autograd.grad(w**4, w, create_graph=True)[0]

    def by_optimizer(w):
        (w**4).backward(inputs=[w])
        torch.optim.SGD([w], lr=0.1).step()

    for step in (by_data, by_optimizer):
        w = torch.ones((), requires_grad=True)
        step(w)
        assert torch.autograd.grad(w**2, w)[0].item() == pytest.approx(1.2)


def test_zero_of_what_requires_nothing():
    """materialize_grads=True answers for a linear model that is trained, not for 3 x."""
    x = torch.ones(2, requires_grad=True)
    slope = torch.autograd.grad(torch.nn.Linear(2, 1)(x), x, create_graph=True)[0]
    zero = torch.autograd.grad(slope.sum(), x, materialize_grads=True)[0]
    assert zero.tolist() == [0, 0]
    slope = torch.autograd.grad((3 * x).sum(), x, create_graph=True)[0]
    with pytest.raises(RuntimeError, match="does not have a grad_fn"):
        torch.autograd.grad(slope.sum(), x, materialize_grads=True)


def test_the_last_bias_in_front_of_a_sigmoid():
    """Where something curved follows it, a penalty on the slope reaches the last bias, too."""
    torch.manual_seed(0)
    last = torch.nn.Linear(8, 1)
    for behind, reached in ((torch.nn.Identity(), False), (torch.nn.Sigmoid(), True)):
        last.zero_grad()
        net = torch.nn.Sequential(torch.nn.Linear(2, 8), torch.nn.Tanh(), last, behind)
        x = torch.randn(4, 2, requires_grad=True)
        slope = torch.autograd.grad(net(x).sum(), x, create_graph=True)[0]
        slope.pow(2).sum().backward()
        assert (last.bias.grad is not None) is reached


def test_one_optimizer(report, values):
    """The message counts the critic's; the actor's .grad is a slope of all terms in NumPy."""
    assert "index 2" in values(FOLDER + "one_optimizer.py")["error"]
    names = {}
    exec(report.verdicts[FOLDER + "own_parameters.py"].snippet.text, names)
    s, taken, gain = (names[n].numpy() for n in ("states", "actions", "advantages"))
    torch.manual_seed(0)
    actor = torch.nn.Linear(3, 2)  # as it was before the step
    W, b = (p.detach().double().numpy() for p in actor.parameters())

    def total(W):
        f = s @ W.T + b
        p = numpy.exp(f) / numpy.exp(f).sum(1, keepdims=True)
        back = -gain[:, None] * (numpy.eye(2)[taken] - p) / 8
        penalty = ((back.T @ s) ** 2).sum() + (back.sum(0) ** 2).sum()
        return -(numpy.log(p[range(8), taken]) * gain).mean() + 0.1 * penalty

    moves = 1e-5 * numpy.eye(6).reshape(6, 2, 3)
    true = [(total(W + move) - total(W - move)) / 2e-5 for move in moves]
    assert names["actor"].weight.grad.flatten().tolist() == pytest.approx(true, abs=1e-5)
