"""Oracles for the cheat sheet: SymPy's derivatives of f = x1^2 x2^3 and u = (x1 x2, x2^2)."""

import pytest
import sympy
import torch

a, b = sympy.symbols("a b")
F = a**2 * b**3
U = sympy.Matrix([a * b, b**2])
AT, DOUBLE = {a: 1, b: 2}, {a: 2, b: 4}
V = sympy.Matrix([3, 4])
GRADIENT, JACOBIAN = sympy.Matrix([F]).jacobian([a, b]), U.jacobian([a, b])
HESSIAN = sympy.hessian(F, [a, b])


def number(expression, at=AT):
    """The value of an expression."""
    return float(expression.subs(at))


def row(matrix, at=AT):
    """The entries of a vector, as Python prints them."""
    return str([number(entry, at) for entry in matrix])


def rows(matrix):
    """The rows of a matrix, as Python prints them."""
    return str([[number(entry) for entry in matrix.row(i)] for i in range(2)])


def both(expression):
    """The value at each of the two samples, as Python prints them."""
    return str([number(expression, at) for at in (AT, DOUBLE)])


@pytest.fixture
def printed(report):
    """Return a function from a file's name to what each of its sections printed, line by line."""

    def sections(name):
        verdict = report.verdicts[f"guides/cheat_sheet/{name}.py"]
        pairs = list(zip(verdict.snippet.statements, verdict.outcome.outputs, strict=True))
        return {
            section: "".join(text for one, text in pairs if first <= one.start <= last).splitlines()
            for section, (first, last) in verdict.snippet.sections.items()
        }

    return sections


def test_each_line_prints_the_derivative(printed):
    """Gradients, products, Jacobians, Hessians, Laplacian, divergence, third derivative."""
    penalty = sum(entry**2 for entry in GRADIENT)
    w = sympy.symbols("w:2")
    square = (w[0] * a + w[1] * b) ** 2
    weight = sympy.Matrix([square]).jacobian(w).subs({w[0]: V[0], w[1]: V[1]})
    expected = {
        "setup": [],
        "gradient": [row(GRADIENT) + " True"] * 2,
        "penalty": [f"{number(penalty)} True"],
        "penalty-per-sample": [both(penalty) + " True"],
        "per-sample": [f"[{row(GRADIENT)}, {row(GRADIENT, DOUBLE)}]"],
        "per-sample-network": [f"[{row(weight)}, {row(weight, DOUBLE)}]"],
        "vjp": [row(JACOBIAN.T * V)] * 3,
        "jvp": [row(JACOBIAN * V)] * 2,
        "jacobian": [rows(JACOBIAN), *[rows(JACOBIAN) + " True"] * 2, rows(JACOBIAN)],
        "hessian": [*[rows(HESSIAN) + " True"] * 2, rows(HESSIAN)],
        "hvp": [row(HESSIAN * V)] * 5,
        "laplacian": [both(HESSIAN.trace()) + " True", str(number(HESSIAN.trace()))],
        "divergence": [both(JACOBIAN.trace()) + " True", str(number(JACOBIAN.trace()))],
        "mixed": [str(number(sympy.diff(F, a, b)))],
        "third": [str(number(sympy.diff(F, b, 3)))],
        "check": ["True True"],
    }
    assert printed("calls") == expected


def test_the_flags_print_the_derivative(printed):
    """The sum of cubes has the gradient 3 x^2, and z^2 has 2 z, at x = (1, 2) and z = 3."""
    z = sympy.Symbol("z")
    cubes = sympy.Matrix([a**3, b**3])
    gradient = sympy.Matrix([sum(cubes)]).jacobian([a, b])
    weighted = sympy.Matrix([cubes[0] + 10 * cubes[1]]).jacobian([a, b])
    found = printed("flags")
    assert found["retain-graph"] == ["False " + row(gradient)]
    assert found["grad-outputs"] == [row(weighted)]
    assert found["is-grads-batched"] == [rows(cubes.jacobian([a, b]))]
    assert found["backward"] == [row(2 * gradient)]
    assert found["inputs"] == [f"None {number(sympy.diff(z**2, z), {z: 3})}"]
    assert found["materialize-grads"] == [str(number(sympy.diff(sum(cubes), z)))]
    assert found["strict"][0] == str([number(sympy.diff(z, one)) for one in (a, b)])


def test_the_exceptions_of_the_flags():
    """A constant gradient has no history, and backward(inputs=...) takes any tensor."""
    x = torch.tensor([2.0], requires_grad=True)
    assert not torch.autograd.grad(3 * x, x, create_graph=True)[0].requires_grad
    y = 3 * x
    (y**2).backward(inputs=[y])
    assert y.grad.item() == 12 and x.grad is None
