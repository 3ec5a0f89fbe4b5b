"""Checks for the page for users of other libraries: SymPy's derivatives of f = x1^2 x2^3."""

import sympy

a, b = sympy.symbols("a b")
F = a**2 * b**3


def row(expression):
    gradient = sympy.Matrix([expression]).jacobian([a, b])
    return [float(entry) for entry in gradient.subs({a: 1, b: 2})]


def test_the_loss_with_its_own_gradient(values):
    """All of it, and with the gradient held constant."""
    squares = sum(sympy.diff(F, one) ** 2 for one in (a, b))
    assert values("guides/from_others/tape_right.py")["dL_dx"] == row(F + squares)
    assert values("guides/from_others/tape.py")["dL_dx"] == row(F) != row(F + squares)


def test_the_calls_print_the_derivative(report):
    """Those that the other libraries printed as well."""
    printed = "".join(report.verdicts["guides/from_others/calls.py"].outcome.outputs).splitlines()
    hessian = sympy.hessian(F, [a, b]).subs({a: 1, b: 2})
    squares = sum(sympy.diff(F, one) ** 2 for one in (a, b))
    expected = {
        0: row(F),
        1: row(squares),
        6: [[float(entry) for entry in hessian.row(i)] for i in range(2)],
        7: [float(entry) for entry in hessian * sympy.Matrix([3, 4])],
    }
    assert {place: printed[place] for place in expected} == {
        place: str(value) for place, value in expected.items()
    }
