"""Checks for the glossary: SymPy's derivatives of f = x1^2 x2^3 and u = (x1 x2, x2^2)."""

import sympy

a, b = sympy.symbols("a b")
F = a**2 * b**3
U = sympy.Matrix([a * b, b**2])
GRADIENT = sympy.Matrix([F]).jacobian([a, b])
HESSIAN, JACOBIAN, V = sympy.hessian(F, [a, b]), U.jacobian([a, b]), sympy.Matrix([3, 4])


def number(expression, x=1, y=2):
    return float(sympy.sympify(expression).subs({a: x, b: y}))


def row(matrix, x=1, y=2):
    return str([number(entry, x, y) for entry in matrix])


def rows(matrix):
    return str([[number(entry) for entry in matrix.row(i)] for i in range(2)])


def test_each_call_prints_its_formula(report):
    """The sections that print a derivative."""
    verdict = report.verdicts["reference/glossary.py"]
    pairs = list(zip(verdict.snippet.statements, verdict.outcome.outputs, strict=True))
    printed = {
        section: "".join(text for one, text in pairs if first <= one.start <= last).strip()
        for section, (first, last) in verdict.snippet.sections.items()
    }
    squares = sum(entry**2 for entry in GRADIENT)
    signs = [sympy.Matrix([1, 1]), sympy.Matrix([1, -1])]
    step = sympy.Matrix([a, b]) - GRADIENT.T / 8
    half = sympy.Rational(1, 2)
    difference = number(F.subs(b, b + half) - F.subs(b, b - half))
    expected = {
        "backward": row(GRADIENT),
        "detach": row([a, b]),
        "create-graph": row(GRADIENT) + " True",
        "double": row(sympy.Matrix([F + squares]).jacobian([a, b])),
        "jacobian": rows(JACOBIAN),
        "vjp": row(JACOBIAN.T * V),
        "jvp": row(JACOBIAN * V),
        "hessian": rows(HESSIAN),
        "hvp": row(HESSIAN * V),
        "laplacian": str(number(HESSIAN.trace())),
        "hutchinson": str([number((z.T * HESSIAN * z)[0]) for z in signs]),
        "penalty": f"{number(squares)} True",
        "per-sample": f"[{row(GRADIENT)}, {row(GRADIENT, 2, 4)}]",
        "inner-step": row(sympy.Matrix([sum(step)]).jacobian([a, b])),
        "difference": f"{difference} True",
    }
    assert {section: printed[section] for section in expected} == expected


def test_the_mean_of_hutchinsons_values_is_the_laplacian():
    """With two entries, each sign pattern or its negative is one of the two."""
    signs = [sympy.Matrix([1, 1]), sympy.Matrix([1, -1])]
    mean = sum(number((z.T * HESSIAN * z)[0]) for z in signs) / 2
    assert mean == number(HESSIAN.trace())
