"""The engine in sixty lines against PyTorch and SymPy, and what readers add to it."""

import importlib.util
import math
from itertools import product
from pathlib import Path

import pytest
import sympy
import torch

PAGE = "learn/your_own_autograd/"
FILE = Path("snippets", PAGE, "tape.py")

#: Written once, for values, tensors and symbols alike.
FUNCTIONS = {
    "the toy": lambda a, b, tanh: a * a * b,
    "powers": lambda a, b, tanh: a**4 * b**3 - 2 * a**2 + b,
    "a quotient": lambda a, b, tanh: (1 - a) * (a**2 + b**2) ** -1,
    "one unit": lambda a, b, tanh: tanh(a * b + 1) ** 2 - a * b,
    "a network": lambda a, b, tanh: tanh(b * tanh(a * b) - a) * (3 + a),
    "a value used three times": lambda a, b, tanh: tanh(a) ** 3 + tanh(a) * b,
}
POINTS = [(0.5, -1.5), (-1.25, 2.0), (0.0, 1.0)]


@pytest.fixture(scope="module")
def tape():
    """The engine, as a reader imports it."""
    found = importlib.util.spec_from_file_location("tape", FILE)
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def derivatives(f, start, grad, order):
    """All derivatives up to an order: of each result, with respect to a and to b."""
    results = [[f]]
    for _ in range(order):
        results.append([slope for result in results[-1] for slope in grad(result, start)])
    return [x.item() if isinstance(x, torch.Tensor) else x.data for level in results for x in level]


@pytest.mark.parametrize(("name", "point"), list(product(FUNCTIONS, POINTS)))
def test_four_orders_agree_with_pytorch(tape, name, point):
    """Values, gradients, and all mixed derivatives up to the fourth order."""
    ours = [tape.Value(x) for x in point]
    theirs = [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in point]

    def by_tape(f, start):
        return tape.grad(f, start, create_graph=True)

    def by_torch(f, start):
        if not f.requires_grad:
            return [torch.zeros(()) for _ in start]
        return torch.autograd.grad(f, start, create_graph=True, materialize_grads=True)

    f = FUNCTIONS[name]
    found = derivatives(f(*ours, tape.Value.tanh), ours, by_tape, 4)
    truth = derivatives(f(*theirs, torch.tanh), theirs, by_torch, 4)
    assert found == pytest.approx(truth, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_without_the_flag_a_gradient_is_a_constant(tape, name):
    """It has the same number and no way back, so that its derivative is zero."""
    a, b = (tape.Value(x) for x in POINTS[0])
    f = FUNCTIONS[name](a, b, tape.Value.tanh)
    kept, cut = tape.grad(f, [a, b], create_graph=True), tape.grad(f, [a, b])
    assert [g.data for g in kept] == [g.data for g in cut]
    assert any(g.steps for g in kept)
    assert not any(g.steps for g in cut)
    assert tape.grad(cut[0], [a])[0].data == 0


def test_the_toy(values):
    """The last run keeps the graph: d is 10, and so is its derivative b(1 + 2b)."""
    a, b = sympy.symbols("a b")
    d = (a + sympy.diff(a**2 * b, a)) * b
    assert sympy.expand(sympy.diff(d, a) - b * (1 + 2 * b)) == 0
    assert d.subs({a: 1, b: 2}) == 10
    assert values(PAGE + "toy.py")["create_graph"] is True


def test_the_orders_of_tanh(tape, values):
    """The fourth derivative of tanh at a half, from SymPy."""
    x = sympy.symbols("x")
    truth = float(sympy.diff(sympy.tanh(x), x, 4).subs(x, sympy.Rational(1, 2)))
    assert values(PAGE + "orders.py")["theirs"] == pytest.approx(truth, rel=1e-12)


@pytest.mark.parametrize(
    "name",
    ["learn/the_issue/answer_product.py", "learn/torch_func/answer_product.py"],
)
def test_the_hessian_vector_product(values, name):
    """The Hessian of the page's function, from SymPy, times v."""
    w = sympy.symbols("w:2")
    f = w[0] ** 2 * w[1] + w[1] ** 3
    hessian = sympy.hessian(f, w).subs({w[0]: 1, w[1]: 2})
    truth = [float(entry) for entry in hessian * sympy.Matrix([3, -1])]
    assert values(name)["Hv"] == truth == [10, -6]


def test_what_readers_add(tape, values):
    """A sine in values has three right derivatives; an exponential in floats one of two."""
    x = sympy.symbols("x")
    found = values(PAGE + "answer_sine.py")
    truth = [float(sympy.diff(sympy.sin(x), x, n).subs(x, sympy.Rational(1, 2))) for n in (1, 2, 3)]
    assert found["derivatives"] == pytest.approx(truth, rel=1e-12)
    squared = sympy.exp(x) ** 2
    first, second = (float(sympy.diff(squared, x, n).subs(x, 0.5)) for n in (1, 2))
    found = values(PAGE + "answer_floats.py")
    assert found["first"] == pytest.approx(first, rel=1e-12)
    assert found["second"] == pytest.approx(second / 2, rel=1e-12)


def test_it_is_sixty_lines():
    """Without empty lines, and without the marks of sections that no reader sees."""
    lines = [line for line in FILE.read_text().splitlines() if line and "--8<--" not in line]
    assert len(lines) <= 60
    assert sum("if not create_graph" in line for line in lines) == 1


def test_values_in_place_of_numbers_are_not_all(tape):
    """An engine that adds to .grad finds the first pass in the inner values on the second."""
    x = tape.Value(2.0)
    square = x * x
    cube = square * x

    def backward(nodes, kept):
        kept[nodes[0]] = tape.Value(1.0)
        for node in nodes:
            for source, step in node.steps:
                arrives = step(kept[node])
                kept[source] = kept[source] + arrives if source in kept else arrives

    kept = {}
    backward([cube, square, x], kept)
    slope = kept.pop(x)
    assert slope.data == 3 * 2**2
    truth = tape.grad(slope, [x])[0].data
    assert truth == 6 * 2
    for left, right in ((kept, False), ({}, True)):
        backward(list(tape.way_back(slope)), left)
        assert (left[x].data == truth) is right


def test_a_sine_that_needs_no_cosine(tape):
    """A quarter of a turn ahead, the sine is the cosine."""

    def sin(x):
        return tape.Value(math.sin(x.data), [(x, lambda g: g * sin(x + math.pi / 2))])

    x = tape.Value(math.e)
    found, truth = sin(x), [math.cos, lambda t: -math.sin(t), lambda t: -math.cos(t)]
    for derivative in truth:
        (found,) = tape.grad(found, [x], create_graph=True)
        assert found.data == pytest.approx(derivative(x.data), rel=1e-12)
