"""Oracles for the cheat sheet: SymPy's derivatives of f = x1^2 x2^3 and u = (x1 x2, x2^2)."""

import pytest
import sympy

a, b = sympy.symbols("a b")
F = a**2 * b**3
U = sympy.Matrix([a * b, b**2])
AT = {a: 1, b: 2}
V = sympy.Matrix([3, 4])


def number(expression, at=AT):
    """The value of an expression."""
    return float(expression.subs(at))


@pytest.fixture
def printed(values, report):
    """What each section of the cheat sheet printed."""
    verdict = report.verdicts["guides/cheat_sheet/calls.py"]
    snippet, outputs = verdict.snippet, verdict.outcome.outputs
    return {
        section: "".join(
            output
            for statement, output in zip(snippet.statements, outputs, strict=True)
            if first <= statement.start <= last
        ).strip()
        for section, (first, last) in snippet.sections.items()
    }


def test_each_line_prints_the_derivative(printed):
    """Gradients, products, Jacobians, Hessians, Laplacian, divergence, third derivative."""
    gradient = sympy.Matrix([F]).jacobian([a, b])
    jacobian, hessian = U.jacobian([a, b]), sympy.hessian(F, [a, b])
    row = lambda matrix: str([number(entry) for entry in matrix])  # noqa: E731
    rows = lambda matrix: str([[number(e) for e in matrix.row(i)] for i in range(2)])  # noqa: E731
    double = {a: 2, b: 4}
    squares = [sum(number(g, at) ** 2 for g in gradient) for at in (AT, double)]
    expected = {
        "gradient": row(gradient) + " True",
        "penalty": f"{squares[0]} True",
        "penalty-per-sample": f"{squares} True",
        "vjp": row(jacobian.T * V),
        "vjp-func": row(jacobian.T * V),
        "jvp": row(jacobian * V),
        "jacobian": rows(jacobian) + " True",
        "jacobian-func": rows(jacobian),
        "jacobian-batched": rows(jacobian),
        "hessian": rows(hessian),
        "hessian-func": rows(hessian),
        "hvp": row(hessian * V),
        "hvp-func": row(hessian * V),
        "per-sample": str([[number(g, at) for g in gradient] for at in (AT, double)]),
        "laplacian": str(number(hessian.trace())),
        "laplacian-func": str(number(hessian.trace())),
        "divergence": str(number(jacobian.trace())),
        "third": str(number(sympy.diff(F, b, 3))),
        "second-column": str(number(sympy.diff(F, a, b))),
    }
    assert printed == expected
