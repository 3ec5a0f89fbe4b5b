"""Oracles for docs/pitfalls/second-time.md: closed forms and SymPy, never autograd."""

import numpy
import pytest
import sympy
import torch
from torch.utils.checkpoint import checkpoint

FOLDER = "pitfalls/second_time/"


def test_penalty_on_cubes(values):
    """The gradient of sum(w^3) + sum((3 w^2)^2) is 3 w^2 + 36 w^3; the kept graph loses half."""
    w = numpy.array([1.0, 2.0])
    kept, recorded = values(FOLDER + "kept.py"), values(FOLDER + "recorded.py")
    assert recorded["dL_dw"] == pytest.approx(3 * w**2 + 36 * w**3)
    assert kept["dL_dw"] == pytest.approx(3 * w**2)
    assert kept["penalty"] == recorded["penalty"] == ((3 * w**2) ** 2).sum()


def test_the_penalty_trains(values):
    """Only the recorded slope holds the network's slope below that of the data, which is 2."""
    right, obeyed = values(FOLDER + "right.py"), values(FOLDER + "obeyed.py")
    means = [numpy.square(found["slope"]).sum(axis=1).mean() for found in (right, obeyed)]
    assert right["held"] and means[0] < 2
    assert not obeyed["held"] and means[1] > 3


def test_second_derivative(values):
    """SymPy differentiates (u u_x - u_xx)^2 by the weight, and not with u_xx as a constant."""
    w, x = sympy.symbols("w x")
    u = w * x**3
    loss = (u * u.diff(x) - u.diff(x, 2)) ** 2
    true = float(loss.diff(w).subs({w: 3, x: 1}))
    right = values(FOLDER + "second_derivative_right.py")
    obeyed = values(FOLDER + "second_derivative_obeyed.py")
    assert right["loss"] == obeyed["loss"] == float(loss.subs({w: 3, x: 1}))
    assert right["dloss_dw"] == pytest.approx(true, rel=1e-6)
    constant = sympy.Symbol("c")
    held = ((u * u.diff(x) - constant) ** 2).diff(w).subs({w: 3, x: 1, constant: 18})
    assert obeyed["dloss_dw"] == pytest.approx(float(held), rel=1e-6)
    assert obeyed["dloss_dw"] != pytest.approx(true, rel=0.1)


def test_rows(values):
    """The rows of the Jacobian of w x^2 by x are 2 w x."""
    rows = values(FOLDER + "rows_retained.py")["rows"]
    assert rows == [2 * 1.0 * 3.0, 2 * 2.0 * 3.0]


def test_the_second_update_meets_the_generator(values):
    """The first update of the critic runs, and frees what the samples hang on."""
    found = values(FOLDER + "critic.py")
    assert len(found["losses"]) == 1


def test_updates_of_the_critic(values):
    """The five losses are those of Adam with differences of a loss whose slope is a formula."""
    torch.manual_seed(0)
    nn = torch.nn
    generator = nn.Sequential(nn.Linear(2, 16), nn.ReLU(), nn.Linear(16, 2))
    critic = nn.Sequential(nn.Linear(2, 16), nn.SiLU(), nn.Linear(16, 1))
    real, noise = torch.randn(64, 2), torch.randn(64, 2)
    with torch.no_grad():
        real, fake = real.double(), generator(noise).double()
    weights = [p.detach().double() for p in critic.parameters()]

    def loss(w1, b1, w2, b2):
        def score(x):
            h = x @ w1.T + b1
            return h * torch.sigmoid(h) @ w2.T + b2

        s = torch.sigmoid(h := (real + fake) / 2 @ w1.T + b1)
        slope = (s * (1 + h * (1 - s)) * w2) @ w1
        penalty = ((slope.norm(dim=1) - 1) ** 2).mean()
        return ((score(fake) - score(real)).mean() + 10 * penalty).item()

    def moved(i, j, step):
        return [w + step * (torch.arange(w.numel()) == j).view(w.shape) * (k == i)
                for k, w in enumerate(weights)]  # fmt: skip

    adam, losses, step = torch.optim.Adam(weights, lr=1e-3), [], 1e-6
    for _ in range(5):
        losses.append(loss(*weights))
        for i, w in enumerate(weights):
            pairs = [(moved(i, j, step), moved(i, j, -step)) for j in range(w.numel())]
            slopes = [loss(*up) - loss(*down) for up, down in pairs]
            w.grad = torch.tensor(slopes, dtype=torch.float64).view(w.shape) / (2 * step)
        weights[-1].grad.zero_()
        adam.step()
    assert values(FOLDER + "critic_right.py")["losses"] == pytest.approx(losses, rel=2e-5)


def test_first_order_steps(values):
    """Steps that are numbers: the gradient at the adapted weight, and that of the support."""
    fast = 1.0
    for target in (2, 3):
        fast -= 0.1 * 4 * fast * (fast**2 - target)
    right = values(FOLDER + "first_order_right.py")
    assert right["fast"] == pytest.approx(fast, rel=1e-6)
    assert right["meta"] == pytest.approx(4 * fast * (fast**2 - 4), rel=1e-4)
    assert "second time" in values(FOLDER + "first_order.py")["error"]
    once = 1 - 0.1 * 4 * (1 - 2)
    true = 4 * once * (once**2 - 4) + 4 * (1 - 2)
    assert values(FOLDER + "support_again.py")["meta"] == pytest.approx(true, rel=1e-6)


def test_a_kept_graph_reaches_the_generator(report):
    """With retain_graph=True, each update of the critic goes back through the generator."""
    text = report.verdicts[FOLDER + "critic.py"].snippet.text
    found = {}
    exec(text.replace("loss.backward()", "loss.backward(retain_graph=True)"), found)
    assert len(found["losses"]) == 5
    assert all(p.grad is not None for p in found["generator"].parameters())


def test_a_missing_flag_of_higher_order_raises(report):
    """Without any flag, the last derivative frees what the lower ones in the loss need."""
    text = report.verdicts[FOLDER + "second_derivative_obeyed.py"].snippet.text
    with pytest.raises(RuntimeError, match="a second time"):
        exec(text.replace(", retain_graph=True", ""), {})


def test_two_gradients_in_one_call(values):
    """E = sum(((1 + s) x)^4) has the gradients 4 (1 + s)^4 x^3 and 4 sum((1 + s)^3 x^4)."""
    x, s = numpy.array([1.0, 2.0]), 0.5
    found = values(FOLDER + "both.py")
    assert found["dE_dx"] == pytest.approx(4 * (1 + s) ** 4 * x**3)
    assert found["dE_dstrain"] == pytest.approx((4 * (1 + s) ** 3 * x**4).sum())


def test_backward_twice(values):
    """Of x^3 at 3, the first derivative is 27 and the second 18."""
    x = sympy.Symbol("x")
    assert values(FOLDER + "again.py")["second"] == int((x**3).diff(x).subs(x, 3))
    assert values(FOLDER + "again_right.py")["second"] == int((x**3).diff(x, 2).subs(x, 3))


def test_weight_of_the_penalty(values):
    """From weight 0 to 100 the derivative changes by 100 times that of the squared slope."""
    w, x = sympy.symbols("w x")
    penalty = sympy.tanh(w * x).diff(x) ** 2
    true = 100 * float(penalty.diff(w).subs({w: 1, x: 1}))
    assert values(FOLDER + "notice.py")["change"] == pytest.approx(true, rel=1e-5)


@pytest.mark.parametrize("name", ["training.py", "critic.py", "not_retained.py"])
def test_all_raise_the_same(values, name):
    """A missing flag, an old graph and a graph that is not kept end in the same message."""
    error = values(FOLDER + name)["error"]
    assert error == values(FOLDER + "training.py")["error"]
    assert "a second time" in error


def gan_step(detach, add):
    """One step of a generator and a critic on the same samples."""
    torch.manual_seed(0)
    generator = torch.nn.Linear(2, 2)
    critic = torch.nn.Sequential(torch.nn.Linear(2, 8), torch.nn.Tanh(), torch.nn.Linear(8, 1))
    fake = torch.tanh(generator(torch.randn(4, 2)))
    first = critic(fake.detach() if detach else fake).mean()
    second = critic(fake).pow(2).mean()
    for loss in [first + second] if add else [first, second]:
        loss.backward()
    return generator.weight.grad


def test_two_losses_on_one_graph():
    """They raise without a gradient in the loss; a sum, or a detach in the first, is a way out."""
    with pytest.raises(RuntimeError, match="a second time"):
        gan_step(detach=False, add=False)
    added, detached = gan_step(detach=False, add=True), gan_step(detach=True, add=False)
    assert not torch.allclose(added, detached)
    assert torch.allclose(detached, gan_step(detach=True, add=True))


def test_the_flag_is_needed_in_each_pass_but_the_last():
    """Of three passes, the first two need it."""
    w = torch.tensor(2.0, requires_grad=True)
    for kept, raises in (((True, True), False), ((True, False), True)):
        y = w**3
        for flag in kept:
            torch.autograd.grad(y, w, retain_graph=flag)
        if raises:
            with pytest.raises(RuntimeError, match="a second time"):
                torch.autograd.grad(y, w)
        else:
            assert torch.autograd.grad(y, w)[0] == 12


@pytest.mark.parametrize("reentrant", [True, False])
def test_the_flag_in_a_checkpoint(reentrant):
    """A reentrant one frees what its block uses without being handed it."""
    x, y = (torch.ones(2, requires_grad=True) for _ in range(2))
    hidden = torch.tanh(y)
    out = checkpoint(lambda x: torch.tanh(x * hidden), x, use_reentrant=reentrant).sum()
    out.backward(retain_graph=True)
    if reentrant:
        with pytest.raises(RuntimeError, match="a second time"):
            out.backward()
    else:
        out.backward()


def test_a_missing_flag_of_higher_order_can_be_silent():
    """With u = w x^3 and (u + u_xx)^2, the last derivative visits nothing that the loss needs."""
    w, x = torch.tensor(3.0, requires_grad=True), torch.ones((), requires_grad=True)
    u = w * x**3
    u_x = torch.autograd.grad(u, x, create_graph=True)[0]
    u_xx = torch.autograd.grad(u_x, x)[0]
    ((u + u_xx) ** 2).backward()
    at, of = sympy.symbols("w x")
    loss = (at * of**3 + 6 * at * of) ** 2
    point = {at: 3, of: 1}
    assert w.grad != loss.diff(at).subs(point)
    assert w.grad == 2 * (3 + 18) * 1


@pytest.mark.parametrize("name", ["Tanh", "SiLU", "Softplus", "GELU", "ReLU"])
def test_a_missing_flag_of_higher_order_raises_in_a_network(name):
    """The last derivative frees what the loss needs of the layers."""
    net = torch.nn.Sequential(
        torch.nn.Linear(1, 8), getattr(torch.nn, name)(), torch.nn.Linear(8, 1)
    )
    x = torch.randn(4, 1, requires_grad=True)
    u = net(x)
    u_x = torch.autograd.grad(u.sum(), x, create_graph=True)[0]
    u_xx = torch.autograd.grad(u_x.sum(), x)[0]
    with pytest.raises(RuntimeError, match="a second time"):
        (u + u_xx).pow(2).mean().backward()
