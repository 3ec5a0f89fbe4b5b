"""Oracles for MAML: SymPy, linear systems, a central difference."""

from collections.abc import Callable

import numpy as np
import pytest
import sympy
import torch
from torch.func import functional_call, vmap

RECIPE = "recipes/maml.py"
EXACT = 1e-13


@pytest.fixture(scope="module")
def derivatives():
    """By SymPy: dJ/dstart through the step, and dJ/dadapted, for the model with two weights."""
    w = sympy.symbols("w:2")
    half = sympy.Rational(1, 2)

    def error(w, x, y):
        off = [w[0] * sympy.tanh(w[1] * x_i) - y_i for x_i, y_i in zip(x, y, strict=True)]
        return sum(d**2 for d in off) / len(x)

    L = error(w, [-1, half, 2], [-3 * half, 1, 3 * half])
    adapted = [w_i - sympy.Rational(7, 10) * L.diff(w_i) for w_i in w]
    J = error(w, [-2, 1], [-2, 1])
    at = {w[0]: 1, w[1]: half}
    there = {w_i: new.subs(at).evalf(30) for w_i, new in zip(w, adapted, strict=True)}
    through = J.subs(dict(zip(w, adapted, strict=True)), simultaneous=True)
    return (
        [float(through.diff(w_i).subs(at).evalf(30)) for w_i in w],
        [float(J.diff(w_i).subs(there).evalf(30)) for w_i in w],
    )


def test_gradient_through_the_step(values, derivatives):
    """With create_graph the gradient goes through the step, and without it does not."""
    through, _ = derivatives
    cut = values("recipes/maml/cut.py")["dJ_dstart"]
    assert values("recipes/maml/kept.py")["dJ_dstart"] == pytest.approx(through, rel=EXACT)
    assert cut != pytest.approx(through, rel=1e-1)
    assert np.dot(cut, through) < 0  # it points uphill


def test_cut_is_first_order(values, derivatives):
    """Without create_graph it is the gradient at the adapted weights, and the start has none."""
    _, at_adapted = derivatives
    assert values("recipes/maml/cut.py")["dJ_dstart"] == pytest.approx(at_adapted, rel=EXACT)
    found = values("recipes/maml/first_order.py")["dJ_dadapted"]
    assert found == pytest.approx(at_adapted, rel=EXACT)
    assert "to not have been used" in values("recipes/maml/detached.py")["error"]


@pytest.fixture(scope="module")
def quadratics():
    """The three tasks as (A, m, P), where P is the two inner steps."""
    A = np.array([[[1, 0], [0, 1]], [[7, 2], [2, 2]], [[2, -2], [-2, 6]]], dtype=float)
    m = np.array([[-1, -1], [2, 0], [0, 2]], dtype=float)
    P = [(np.eye(2) - A_k / 10) @ (np.eye(2) - A_k / 10) for A_k in A]
    return list(zip(A, m, P, strict=True))


def test_gradients_of_the_quadratics(values, quadratics):
    """Each method has the gradient of its closed form, and first order not that of MAML."""
    theta, found = np.array([-2, 2]), values(RECIPE)
    joint = sum(A @ (theta - m) for A, m, _ in quadratics)
    first_order = sum(A @ P @ (theta - m) for A, m, P in quadratics)
    maml = sum(P @ A @ P @ (theta - m) for A, m, P in quadratics)
    assert found["of_joint"] == pytest.approx(joint, rel=EXACT)
    assert found["of_first_order"] == pytest.approx(first_order, rel=EXACT)
    assert found["of_maml"] == pytest.approx(maml, rel=EXACT)
    assert found["of_first_order"] != pytest.approx(maml, rel=1e-1)


def test_optimum_of_the_quadratics(values, quadratics):
    """MAML's optimum is where no change of the start lowers the loss after two steps."""
    found = values(RECIPE)

    def after(theta):
        total = 0
        for A, m, _ in quadratics:
            adapted = np.array(theta)
            for _ in range(2):
                adapted = adapted - A @ (adapted - m) / 10
            total += (adapted - m) @ A @ (adapted - m) / 2
        return total

    def is_lowest(theta):
        angles = np.arange(0, 6.3, 0.1)
        around = 1e-3 * np.transpose([np.cos(angles), np.sin(angles)])
        return all(after(theta + d) > after(theta) for d in around)

    best = after(found["optimum_maml"])
    assert is_lowest(found["optimum_maml"])
    assert not is_lowest(found["optimum_first_order"])
    assert found["after_maml"] == pytest.approx(best, rel=EXACT)
    assert found["after_first_order"] > best + 0.3
    assert found["off_maml"] < 1e-14
    apart = np.subtract(found["optimum_maml"], found["optimum_first_order"])
    assert found["off_first_order"] == pytest.approx(np.abs(apart).max(), rel=EXACT)
    assert found["off_first_order"] > 0.1


def test_gradient_of_the_network_agrees_with_itself(values):
    """Along a direction of the weights, the outer loss has the slope of a central difference."""
    found = values(RECIPE)
    assert found["slope_maml"] == pytest.approx(found["slope_difference"], rel=1e-7)
    assert found["slope_first_order"] != pytest.approx(found["slope_difference"], rel=1e-2)


def test_sinusoids(values):
    """From each seed, MAML fits new sines best after one step, then first order, then joint."""
    found = values(RECIPE)
    errors = (found[f"errors_{name}"] for name in ("maml", "first_order", "best", "joint"))
    assert all(sorted(seed) == list(seed) for seed in zip(*errors, strict=True))


def test_memory_by_inner_steps(values):
    """What MAML keeps grows by the same amount with each further step; first order keeps none."""
    found = values(RECIPE)
    steps, maml = found["inner_steps"], found["mib_maml"]
    per_step = (maml[-1] - maml[1]) / (steps[-1] - steps[1])
    assert maml[2:] == pytest.approx([maml[1] + per_step * (k - 1) for k in steps[2:]], rel=1e-3)
    assert found["mib_first_order"] == [found["mib_first_order"][0]] * len(steps)


def test_the_drawn_points_lie_in_the_picture(values):
    """Ten of them, evenly from -4.5 to 4.5."""
    points = np.array(values(RECIPE)["points"]).flatten()
    assert points == pytest.approx(np.linspace(-4.5, 4.5, 10))


def test_nested_transforms(values):
    """A slope of the mean loss of four tasks after three steps, by a central difference."""
    torch.manual_seed(0)
    layers = torch.nn.Linear(1, 16), torch.nn.Linear(16, 1)
    start = [p.detach().double().numpy() for layer in layers for p in layer.parameters()]
    x, y, x_new, y_new = torch.randn(4, 4, 5, 1, dtype=torch.float64).numpy()

    def off(weights, x, y):
        W, b, v, c = weights
        h = np.tanh(x @ W.T + b)
        return h, h @ v.T + c - y

    def outer(weights):
        total = 0
        for task in range(4):
            fast = weights
            for _ in range(3):
                h, error = off(fast, x[task], y[task])
                back = 2 * error / 5
                inner = back @ fast[2] * (1 - h**2)
                grads = inner.T @ x[task], inner.sum(0), back.T @ h, back.sum(0)
                fast = [w - 0.1 * g for w, g in zip(fast, grads, strict=True)]
            total += np.square(off(fast, x_new[task], y_new[task])[1]).mean() / 4
        return total

    step = 1e-6
    plus, minus = ([w + sign * step for w in start] for sign in (1, -1))
    true = (outer(plus) - outer(minus)) / (2 * step)
    assert values("recipes/maml/nested.py")["slope"] == pytest.approx(true, rel=1e-6)


@pytest.fixture
def adapt(component):
    """The component."""
    return component(RECIPE, "adapt", Callable=Callable)["adapt"]


def few_shot(*layers, **options):
    """Return three copies of a network's trained weights, and the losses of three tasks."""
    net = torch.nn.Sequential(torch.nn.Linear(3, 8), *layers, torch.nn.Linear(8, 1)).double()
    torch.manual_seed(0)
    x, y = torch.randn(2, 3, 5, 3, dtype=torch.float64)
    predict = vmap(lambda weights, x: functional_call(net, weights, (x,)), **options)

    def losses_of(weights):
        return (predict(weights, x) - y[..., :1]).pow(2).mean(dim=(1, 2))

    start = {name: weight for name, weight in net.named_parameters() if weight.requires_grad}
    return net, start, losses_of


def copies(start):
    return {name: weight[None].repeat_interleave(3, dim=0) for name, weight in start.items()}


NORM = torch.nn.BatchNorm1d(8, track_running_stats=False)


@pytest.mark.parametrize("layers", [(torch.nn.Tanh(),), (torch.nn.LayerNorm(8),), (NORM,)])
def test_outer_gradient_in_a_network(adapt, layers):
    """With a frozen first layer, through two steps, it is the difference of outer losses."""
    net, _, losses_of = few_shot(*layers)
    net[0].requires_grad_(False)
    start = {name: weight for name, weight in net.named_parameters() if weight.requires_grad}
    last = f"{len(net) - 1}.weight"

    def outer():
        return losses_of(adapt(copies(start), losses_of, 2, 0.1, True)).sum()

    gradient, ends = torch.autograd.grad(outer(), start[last])[0], []
    for step in (1e-5, -2e-5, 1e-5):
        with torch.no_grad():
            start[last][0, 0] += step
        ends.append(outer().item())
    assert gradient[0, 0].item() == pytest.approx((ends[0] - ends[1]) / 2e-5, rel=1e-6)
    first = losses_of(adapt(copies(start), losses_of, 2, 0.1, False)).sum()
    assert torch.autograd.grad(first, start[last])[0][0, 0].item() != pytest.approx(
        gradient[0, 0].item(), rel=1e-3
    )


def test_what_is_seen_in_a_network_of_your_own(adapt):
    """Frozen weights, a start without gradients, dropout and batch normalization raise."""
    _, start, losses_of = few_shot()
    detached = {name: weight.detach() for name, weight in start.items()}
    with pytest.raises(RuntimeError, match="does not require grad"):
        adapt(copies(detached), losses_of, 1, 0.1, False)
    with torch.no_grad(), pytest.raises(RuntimeError, match="does not require grad"):
        adapt(copies(start), losses_of, 1, 0.1, False)
    mixed = start | {"0.weight": detached["0.weight"]}
    with pytest.raises(RuntimeError, match="One of the differentiated Tensors does not require"):
        adapt(copies(mixed), losses_of, 1, 0.1, True)
    _, start, losses_of = few_shot(torch.nn.Dropout(0.5))
    with pytest.raises(RuntimeError, match="randomness error mode"):
        adapt(copies(start), losses_of, 1, 0.1, True)
    _, start, losses_of = few_shot(torch.nn.Dropout(0.5), randomness="different")
    assert adapt(copies(start), losses_of, 1, 0.1, True)["0.weight"].shape == (3, 8, 3)
    _, start, losses_of = few_shot(torch.nn.BatchNorm1d(8))
    with pytest.raises(RuntimeError, match="Batch norm got a batched tensor"):
        adapt(copies(start), losses_of, 1, 0.1, True)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_adapt_follows_its_weights(adapt, dtype):
    """Of w², steps of size 0.1 multiply by 0.8, in any dtype; none is the start."""
    w = {"w": torch.tensor([1.0, -2.0], dtype=dtype, requires_grad=True)}

    def losses_of(weights):
        return weights["w"] ** 2

    found = adapt(w, losses_of, 3, 0.1, True)["w"]
    torch.testing.assert_close(found, 0.8**3 * w["w"])
    assert adapt(w, losses_of, 0, 0.1, True)["w"] is w["w"]
    torch.testing.assert_close(torch.autograd.grad(found.sum(), w["w"])[0], 0.8**3 + 0 * found)
    with pytest.raises(ValueError, match=r"losses are \(2, 1\): one for each of 2 tasks"):
        adapt(w, lambda weights: losses_of(weights)[:, None], 1, 0.1, True)


def test_tasks_in_chunks(values):
    """A gradient for few tasks at a time is the slope of all; chunk_size saves little."""
    found = values("recipes/maml/chunks.py")
    assert found["same"]
    assert found["slope"] == pytest.approx(found["difference"], rel=1e-6)
    assert found["for_each_five"] < 0.2 * found["all_at_once"]
    assert found["with_chunk_size"] > 0.8 * found["all_at_once"]


def test_chunks_of_weights_that_keep_a_graph(report):
    """Without the detach of the weights, the sum keeps the graphs of all chunks."""
    text = report.verdicts["recipes/maml/chunks.py"].snippet.text
    line = next(one for one in text.splitlines() if "no graph around" in one)
    names = {}
    exec(text.replace(line, ""), names)
    assert names["same"]
    assert names["for_each_five"] > 0.8 * names["all_at_once"]
