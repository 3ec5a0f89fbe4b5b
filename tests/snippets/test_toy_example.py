"""The toy example against SymPy, on the home page and on its own."""

import pytest
import sympy

A, B = sympy.symbols("a b")
C = A**2 * B
D = (A + sympy.diff(C, A)) * B

POINTS = [
    ("index/wrong.py", "index/right.py", 1, 2),
    ("learn/toy_example/silent.py", "learn/toy_example/right.py", 1, 2),
    ("learn/toy_example/answer_retain.py", "learn/toy_example/right.py", 1, 2),
    ("learn/toy_example/silent_negative.py", "learn/toy_example/right_negative.py", 1, -1),
]


@pytest.mark.parametrize(("wrong", "right", "a", "b"), POINTS)
def test_only_the_right_one_is_the_derivative(values, wrong, right, a, b):
    """Both have the right d; only the right one has the derivative of d."""
    at = {A: a, B: b}
    truth = float(sympy.diff(D, A).subs(at))
    for name in (wrong, right):
        assert values(name)["d"] == float(D.subs(at))
        assert values(name)["dc_da"] == float(sympy.diff(C, A).subs(at))
    assert values(right)["dd_da"] == truth
    assert values(wrong)["dd_da"] == b != truth


def test_the_derivative_does_not_depend_on_a():
    """The page says b(1 + 2b), whatever a is, and that the sign is wrong below b = -1/2."""
    assert sympy.expand(sympy.diff(D, A) - B * (1 + 2 * B)) == 0
    ratio = sympy.simplify(sympy.diff(D, A) / B)
    assert sympy.solve_univariate_inequality(ratio < 0, B, relational=False).sup == -sympy.S.Half


def test_the_grid_is_the_mathematics(values):
    """At each point: d, the silent answer b, and the derivative, for a squared and cubed."""
    found = values("learn/toy_example/grid.py")
    numbers = [-2.5 + step / 2 for step in range(11)]
    assert found["numbers"] == numbers
    for power, rows in zip((2, 3), found["grid"], strict=True):
        d = (A + sympy.diff(A**power * B, A)) * B
        truth = sympy.lambdify((A, B), [d, B, sympy.diff(d, A)])
        for a, row in zip(numbers, rows, strict=True):
            for b, answers in zip(numbers, row, strict=True):
                assert answers == pytest.approx(truth(a, b), rel=1e-12, abs=1e-12)


@pytest.mark.parametrize(
    ("name", "truth"),
    [
        ("answer_cube", lambda: sympy.diff((A + sympy.diff(A**3 * B, A)) * B, A)),
        ("answer_product", lambda: sympy.diff(A * sympy.diff(C, A), A)),
    ],
)
def test_the_answers(values, name, truth):
    """The last run of each answer keeps the graph, and gives the derivative."""
    found = values(f"learn/toy_example/{name}.py")
    assert found["dd_da"] == float(truth().subs({A: 1, B: 2}))


def test_the_derivative_of_the_cube_depends_on_both():
    """The page says b(1 + 6ab) for c = a cubed times b."""
    d = (A + sympy.diff(A**3 * B, A)) * B
    assert sympy.expand(sympy.diff(d, A) - B * (1 + 6 * A * B)) == 0
