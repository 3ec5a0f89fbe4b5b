"""Oracles for linear models: what is zero, and what is not."""

import re

import sympy


def test_table(report):
    """The gradient by w is 2 w, and the derivatives by x and b are zero."""
    w, x = sympy.symbols("w:2"), sympy.symbols("x:2")
    b = sympy.Symbol("b")
    y = w[0] * x[0] + w[1] * x[1] + b
    penalty = sum(sympy.diff(y, one) ** 2 for one in x)
    at = {w[0]: 3, w[1]: 4}
    assert [sympy.diff(penalty, one).subs(at) for one in w] == [6, 8]
    assert [sympy.diff(penalty, one) for one in (*x, b)] == [0, 0, 0]
    text = report.verdicts["pitfalls/linear_models/table.py"].snippet.text
    stated = dict(re.findall(r"^#> (\w): .*materialize_grads (.*)$", text, re.M))
    assert stated == {"w": "tensor([6., 8.])", "x": "tensor([0., 0.])", "b": "0.0"}
    here = {**at, x[0]: 1, x[1]: 2, b: 5}
    assert report.verdicts["pitfalls/linear_models/table.py"].values["y"] == float(y.subs(here))


def test_zeros(report):
    """The Hessian of 3 x_1 + 3 x_2 is zero, and both spellings say so."""
    x = sympy.symbols("x:2")
    assert sympy.hessian(3 * x[0] + 3 * x[1], x) == sympy.zeros(2)
    text = report.verdicts["pitfalls/linear_models/zeros.py"].snippet.text
    assert re.findall(r"^#> .*: (.*)$", text, re.M) == ["[[0.0, 0.0], [0.0, 0.0]]"] * 2
