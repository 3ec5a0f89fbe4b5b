"""Oracles for docs/reference/cost.md: NumPy, counting by hand; and what it says about times."""

import contextlib
import json
import re
import runpy
from functools import partial
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from torch._functorch import eager_transforms

from measured.cost import __main__ as program
from measured.cost import page
from measured.kit import ROOT

PAGE = ROOT / "docs/reference/cost.md"
#: A batch so large that activations outweigh weights; then the peak is where the graph is whole.
WIDTH, BATCH = 8, 64
ACTIVATION, WEIGHT = 4 * BATCH * WIDTH, 4 * WIDTH**2


@pytest.fixture(scope="module")
def cost():
    """The functions of the snippet."""
    with contextlib.redirect_stdout(None):
        found = runpy.run_path(str(program.SNIPPET))
    yield SimpleNamespace(**found)
    torch.set_default_dtype(torch.float32)


@pytest.fixture(scope="module")
def data():
    """The committed measurement."""
    return page.Data()


def gradient_by_hand(W, x):
    """The gradient of half the sum of squares, with respect to each weight, in NumPy."""
    outputs = [x]
    for w in W:
        outputs.append(np.tanh(outputs[-1] @ w.T))
    upstream, gradients = outputs[-1], []
    for w, before, after in zip(W[::-1], outputs[-2::-1], outputs[:0:-1], strict=True):
        upstream = upstream * (1 - after**2)
        gradients.insert(0, upstream.T @ before)
        upstream = upstream @ w
    return gradients, upstream


def as_arrays(cost, depth):
    W, x, V = cost.problem(3, depth, 4, torch.float64)
    arrays = [[w.detach().numpy() for w in W], x.numpy(), [v.numpy() for v in V]]
    return (W, x, V), arrays


@pytest.mark.parametrize("way", ["double_backward", "forward_over_reverse", "dual_numbers"])
def test_hessian_vector_products(cost, way):
    """A product is the change of the gradient by hand along V."""
    (W, x, V), (W_, x_, V_) = as_arrays(cost, 3)
    h = 1e-5
    ends = [
        gradient_by_hand([w + s * h * v for w, v in zip(W_, V_, strict=True)], x_)[0]
        for s in (1, -1)
    ]
    found = getattr(cost, way)(cost.loss, W, x, V)
    for product, plus, minus in zip(found, *ends, strict=True):
        assert product.numpy() == pytest.approx((plus - minus) / (2 * h), rel=1e-6, abs=1e-8)


def test_gradient_penalty(cost):
    """Its gradient is the difference quotient of loss and penalty by hand; a cut one is not."""
    (W, x, V), (W_, x_, V_) = as_arrays(cost, 2)

    def value(W):
        output = x_
        for w in W:
            output = np.tanh(output @ w.T)
        return (output**2).sum() / 2 + (gradient_by_hand(W, x_)[1] ** 2).sum()

    h = 1e-5
    plus, minus = (value([w + s * h * v for w, v in zip(W_, V_, strict=True)]) for s in (1, -1))
    directional = (plus - minus) / (2 * h)

    def along(gradients):
        return sum((g * v).sum().item() for g, v in zip(gradients, V, strict=True))

    assert along(cost.gradient_penalty(cost.loss, W, x, V)) == pytest.approx(directional, rel=1e-7)
    assert along(cost.gradient(cost.loss, W, x, V)) != pytest.approx(directional, rel=1e-2)


@pytest.mark.parametrize("way", ["closed_form", "exact"])
def test_contractive_penalty(cost, way):
    """It is the square of the Jacobian diag(1 - h^2) W, in NumPy."""
    (W, x, _), (W_, x_, _) = as_arrays(cost, 1)
    slopes = 1 - np.tanh(x_ @ W_[0].T) ** 2
    expected = sum(((np.diag(slope) @ W_[0]) ** 2).sum() for slope in slopes)
    assert getattr(cost, way)(W[0], x).item() == pytest.approx(expected, rel=1e-12)


def test_agreement(cost):
    """What the snippet calls equal is equal to 1e-10."""
    assert len(cost.differences) == 7
    assert max(cost.differences.values()) < 1e-10


@pytest.mark.parametrize("depth", [2, 3, 5])
def test_products(cost, depth):
    """Matrix products, counted by hand for each layer."""
    expected = {
        "forward": depth,
        "forward, no graph": depth,
        "gradient": 3 * depth - 1,
        "gradient, create_graph": 3 * depth - 1,
        "gradient penalty": 6 * depth - 1,
        "Hessian-vector, double backward": 9 * depth - 5,
        "Hessian-vector, forward over reverse": 9 * depth - 3,
        "Hessian-vector, dual numbers": 9 * depth - 3,
        "Hessian by rows": 2 * depth * (WIDTH + 1),
        "Hessian at once": 2 * depth * (WIDTH + 2),
    }
    found = cost.compare_operations(WIDTH, depth, BATCH)
    assert {name: count * depth for name, (count, _) in found.items()} == pytest.approx(expected)


def test_products_of_penalties(cost):
    """The exact penalty alone takes a number that grows with the width."""
    expected = {
        "encoder alone": 1,
        "closed form": 2,
        "random projection": 5,
        "exact": 3 * WIDTH + 2,
    }
    found = cost.compare_penalties(WIDTH, BATCH)
    assert {name: count for name, (count, _) in found.items()} == pytest.approx(expected)


@pytest.mark.parametrize("depth", [2, 3, 5])
def test_bytes_kept(cost, depth):
    """After the forward pass, after a gradient, after a gradient with its graph."""
    expected = {
        cost.forward: depth * ACTIVATION + 4,
        cost.gradient: depth * WEIGHT,
        cost.gradient_with_graph: (3 * depth - 1) * ACTIVATION + depth * WEIGHT + 4,
    }
    W, x, V = cost.problem(WIDTH, depth, BATCH)
    for operation, size in expected.items():
        with cost.Memory([*W, x, *V]) as memory:
            result = operation(cost.loss, W, x, V)
            assert memory.now == size, operation
        del result


@pytest.mark.parametrize("depth", [2, 3, 5])
def test_bytes_at_the_peak(cost, depth):
    """Activations at the peak: one, three or six per layer."""
    expected = {
        "forward": (depth + 1, 0, 1),
        "gradient": (depth + 3, 0, 3),
        "gradient, create_graph": (3 * depth, depth, 3),
        "gradient penalty": (3 * depth + 5, 1, 4),
        "Hessian-vector, double backward": (3 * depth + 4, depth, 1),
        "Hessian-vector, forward over reverse": (6 * depth + 4, 2 * depth - 2, 4),
    }
    W, x, V = cost.problem(WIDTH, depth, BATCH)
    for name, counts in expected.items():
        run = partial(cost.OPERATIONS[name], cost.loss, W, x, V)
        size = np.dot(counts, (ACTIVATION, WEIGHT, 4))
        assert cost.peak(run, [*W, x, *V]) == size, name


def per_layer(cost, name):
    """How many activations one more layer costs, where there are many and the batch is large."""
    peaks = []
    for depth in (8, 12):
        W, x, V = cost.problem(WIDTH, depth, 16 * BATCH)
        run = partial(cost.OPERATIONS[name], cost.loss, W, x, V)
        peaks.append(cost.peak(run, [*W, x, *V]))
    return (peaks[1] - peaks[0]) / (4 * 16 * ACTIVATION)


def test_the_memory_of_forward_over_reverse_is_that_of_the_graph(cost, monkeypatch):
    """Six activations a layer in torch.func, two as soon as its gradient records no graph."""
    assert per_layer(cost, "Hessian-vector, double backward") == pytest.approx(3, abs=0.05)
    assert per_layer(cost, "Hessian-vector, dual numbers") == pytest.approx(3, abs=0.05)
    assert per_layer(cost, "Hessian-vector, forward over reverse") == pytest.approx(6, abs=0.05)
    inner = eager_transforms._autograd_grad
    without = lambda *given, **named: inner(*given, **{**named, "create_graph": False})  # noqa: E731
    monkeypatch.setattr(eager_transforms, "_autograd_grad", without)
    assert per_layer(cost, "Hessian-vector, forward over reverse") == pytest.approx(2, abs=0.05)


@pytest.mark.parametrize("depth", [2, 4])
def test_products_of_a_row_of_the_hessian(cost, depth):
    """A row is one more backward pass: 6 - 4 / L forward passes for weights, 2 for inputs."""
    W, x, _ = cost.problem(WIDTH, depth, BATCH)
    unit = 2 * depth * BATCH * WIDTH**2
    for given, expected in ((W, 6 - 4 / depth), ([x.requires_grad_()], 2)):
        grads = torch.autograd.grad(cost.loss(W, x), given, create_graph=True)
        flat = torch.cat([one.flatten() for one in grads])
        row = partial(torch.autograd.grad, flat[0], given)
        assert cost.products(row, unit) == pytest.approx(expected)


def test_memory_sees_one_tensor_and_forgets_it(cost):
    """What is made is counted once, views are not, and what is gone is not counted any more."""
    x = torch.ones(10)
    with cost.Memory([x]) as memory:
        y = x * 2
        z = y[:5]
        assert memory.now == 40
        del y
        assert memory.now == 40
        del z
        assert (memory.now, memory.peak) == (0, 40)


@pytest.mark.parametrize("depth", [2, 4])
def test_bytes_of_an_inner_step(cost, depth):
    """A step keeps the graph of its gradient, or its weights alone, or nothing."""
    expected = {
        "MAML": (3 * depth - 1) * ACTIVATION + (depth - 1) * WEIGHT + 4,
        "MAML, checkpointed": depth * WEIGHT,
        "first order": 0,
    }
    W, x, _ = cost.problem(WIDTH, depth, BATCH)
    for name, size in expected.items():
        peaks = [cost.peak(partial(cost.STEPS[name], W, x, k), [*W, x]) for k in (4, 6)]
        assert peaks[1] - peaks[0] == 2 * size, name


def test_checkpointed_layers_save_first_derivatives_only(cost):
    """They halve the memory of a gradient, and raise that of every second derivative."""
    assert cost.computed_again["gradient"] < 0.55 * cost.kept["gradient"]
    for name in ("gradient penalty", "Hessian-vector, double backward"):
        assert cost.computed_again[name] > cost.kept[name]


def test_memory_as_it_grows(cost):
    """As the alternative text says: up with the width, down with the batch, settled in depth."""
    width, depth, batch = (
        # Scalars of four bytes do not count.
        {operation: np.round(ratios, 2).tolist() for operation, ratios in cost.grown(name).items()}
        for name in ("width", "depth", "batch")
    )
    for operation in cost.SECOND:
        assert width[operation] == sorted(width[operation])
        assert batch[operation] == sorted(batch[operation], reverse=True)
        assert depth[operation][-1] == pytest.approx(depth[operation][-2], rel=0.1)
        for grown in (width, depth, batch):
            highest = grown["Hessian-vector, forward over reverse"]
            assert all(a <= b for a, b in zip(grown[operation], highest, strict=True))


def test_the_measurement_is_whole(cost, data):
    """Each case and operation of the benchmark is there, with the products that are counted."""
    cases = [
        ({**case, "operation": name}, unit)
        for case, runs, unit in program.cases(vars(cost))
        for name in runs
    ]
    sizes = ("sweep", "width", "depth", "batch", "steps", "operation")
    assert [case for case, _ in cases] == [
        {key: record[key] for key in sizes if key in record} for record in data.records
    ]
    for record in data.of("reference"):
        assert record["products"] == cost.operations[record["operation"]][0]
    for record in data.records:
        assert 0 < record["low"] <= record["time"] <= record["high"]


def test_the_measurement_has_its_stamp(data):
    """Where and when, and with the PyTorch that the site is about."""
    pinned = re.search(r'"torch==([\d.]+)"', (ROOT / "pyproject.toml").read_text("utf-8"))[1]
    assert data.environment["torch"].split("+")[0] == pinned
    assert data.environment["date"] in page.stamp(None)
    assert data.rounds >= 15


def test_what_the_page_says_about_times(data):
    """Each sentence that compares times, as an inequality."""
    cases = {}
    for record in data.records:
        case = tuple(record.get(key) for key in ("sweep", "width", "depth", "batch", "steps"))
        cases.setdefault(case, {})[record["operation"]] = record["time"]
    networks = [times for times in cases.values() if "gradient" in times]
    for times in networks:
        double = times["Hessian-vector, double backward"]
        assert double < times["Hessian-vector, dual numbers"]
        assert times["Hessian-vector, dual numbers"] < times["Hessian-vector, forward over reverse"]
    # The graph itself takes next to no time.
    extra = [times["gradient, create_graph"] / times["gradient"] for times in networks]
    assert 0.85 < np.median(extra) < 1.15
    # The times follow the products, and stay below the bounds, once the matrices are large.
    for sweep, size in (("width", 512), ("depth", 16), ("batch", 1024)):
        assert data.one(sweep, size, "gradient")["time"] < 4
        assert data.one(sweep, size, "Hessian-vector, double backward")["time"] < 10
    for operation in page.FIGURES["growth"].operations:
        large = data.one("width", 512, operation)
        assert 0.6 < large["time"] / large["products"] < 1.4
        assert data.one("width", 16, operation)["time"] > 1.2 * large["time"]
    # All rows at once are faster where the matrices are small.
    for width in (32, 64):
        at_once = data.one("Hessian", width, "Hessian at once")["time"]
        assert at_once < data.one("Hessian", width, "Hessian by rows")["time"]
    # Only the exact penalty grows with the width.
    for name, grows in (("exact", True), ("closed form", False), ("random projection", False)):
        _, times = data.series("penalty", name)
        assert (times[-1] > 3 * times[0]) == grows
    # Inner steps: in proportion to their number, and checkpoints cost a second computation.
    for steps in program.STEPS:
        first, maml, again = (
            data.one("steps", steps, name)["time"]
            for name in ("first order", "MAML", "MAML, checkpointed")
        )
        assert first < maml < again < 3 * maml
    for name in page.FIGURES["steps"].operations:
        _, times = data.series("steps", name)
        assert times[-1] / times[-2] == pytest.approx(2, rel=0.2)


def test_every_place_on_the_page_has_a_result():
    """What the page asks for is there; what is not there is refused, by name."""
    places = re.findall(r"\{\{ measured cost:(\S+) ?(.*?) \}\}", PAGE.read_text(encoding="utf-8"))
    assert len(places) > 15
    assert {name for name, _ in places} == page.PIECES.keys()
    for name, words in places:
        assert page.PIECES[name](None, *words.split())
    for unknown in (
        "width=7 gradient",
        "width=512 guess",
        "length=512 gradient",
        "width=x gradient",
    ):
        with pytest.raises(LookupError, match=unknown.partition(" ")[2]):
            page.ratio(None, *unknown.split())


def test_figures_are_drawn_from_the_data(tmp_path, monkeypatch):
    """Another measurement gives another drawing, and other words."""
    monkeypatch.setattr(page.kit, "PARTIAL", tmp_path)
    before = {name: page.PIECES[name](None) for name in page.FIGURES}
    assert before == {name: page.PIECES[name](None) for name in page.FIGURES}
    changed = json.loads(page.FILE.read_text(encoding="utf-8"))
    for record in changed["records"]:
        record["time"] *= 2
    monkeypatch.setattr(page, "FILE", tmp_path / "data.json")
    page.FILE.write_text(json.dumps(changed), encoding="utf-8")
    for name, drawing in before.items():
        assert "<svg" in drawing.svg and drawing.words
        after = page.PIECES[name](None)
        assert after.svg != drawing.svg and after.words != drawing.words
