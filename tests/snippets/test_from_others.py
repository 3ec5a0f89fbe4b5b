"""Checks for the page for users of other libraries: SymPy's derivatives of f = x1^2 x2^3."""

import pytest
import sympy
import torch
from torch.func import linearize

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


def test_linearize_has_lost_the_derivative(values):
    """L = x^2 + 3 x^2 has the derivative 8 x = 4; without that of the slope, 2 x."""
    x = sympy.Symbol("x")
    slope = sympy.diff(x**3, x)
    whole, cut = (float(sympy.diff(one, x).subs(x, 0.5)) for one in (x**2 + slope, x**2))
    assert values("guides/from_others/linearize_right.py")["dL_dx"] == whole
    assert values("guides/from_others/linearize.py")["dL_dx"] == cut != whole


@pytest.mark.filterwarnings("ignore")
def test_linearize_inside_grad_and_over_parameters():
    """Inside grad it is not 6 x either, and a parameter of the function loses its part."""
    x, one = torch.tensor([0.5, 1.0])
    inside = torch.func.grad(lambda x: linearize(lambda x: x**3, x)[1](one))(x)
    assert not torch.isclose(inside, 6 * x)
    w = torch.tensor(2.0, requires_grad=True)
    slope = linearize(lambda x: (w * x) ** 3, x)[1](one)  # 3 w^3 x^2
    assert slope.item() == 6
    assert torch.autograd.grad(slope + w, w)[0].item() == 1 != 1 + 9 * w**2 * x**2
