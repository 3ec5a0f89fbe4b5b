"""Which changes are tried: each operator's, and those of a snippet, a page and an oracle."""

import pytest

from proofread.attack import mutants
from proofread.read.page import parse_page
from proofread.read.snippet import parse
from proofread.show.kinds import KINDS

CALL = "torch.autograd.grad(y, x, create_graph=True)"
OPERATORS = [
    (mutants.create_graph, f"g = {CALL}[0]", ["create_graph=False", "retain_graph=True"]),
    (
        mutants.create_graph,
        "grad(y, retain_graph=True, create_graph=True)",
        ["create_graph=False"],
    ),
    (mutants.create_graph, "y.backward(create_graph=False)", []),
    (mutants.detached, CALL, [f"tuple(g if g is None else g.detach() for g in {CALL})"]),
    (mutants.detached, CALL.replace("True", "False"), []),
    (mutants.sign, "(a - b) * -c", ["a + b", "c"]),
    (mutants.sign, "é = (a) + (b)", ["(a) - (b)"]),
    (mutants.sign, "z[-1] + [0]", []),
    (mutants.sign, "a + 0 * b - (a - 1 * b)", ["a + 0 * b + (a - 1 * b)", "a + 1 * b"]),
    (mutants.sign, "1.0 + rank + a", ["1.0 + rank - a"]),
    (mutants.exponent, "a**2 + a.pow(3) + 10**k", ["3", "4"]),
    (mutants.coefficient, "0.5 * x / n", ["1.0"]),
    (mutants.coefficient, "lam, size = 0, 4\nlam = 0\nf(penalty_weight=1)", ["1.0", "2"]),
    (mutants.learning_rate, "SGD(w, lr=0.1)\ninner_lr = 1\nSGD(w, lr=0.0)", ["0.2", "2"]),
    (mutants.step_count, "for _ in range(20): pass", ["21"]),
    (mutants.step_count, "[k for k in range(1, 9)]\nrange(3)", ["10"]),
    (mutants.step_count, "def f(x, steps=3, size=2): pass", ["4"]),
    (mutants.step_count, "for _ in range(49): steps = 50\nfor _ in range(1, 50): pass", ["50"]),
    (mutants.learning_rate, "o = optim.SGD(w, lr=0.1)\nfor _ in range(49): step()", ["0.2"]),
    (mutants.learning_rate, "o = optim.SGD(w, lr=0.1)\nfor _ in range(50): step()", []),
    (mutants.learning_rate, "def f(): optim.SGD(w, lr=1)\ndef g(): range(50)", ["2"]),
    (mutants.learning_rate, "inner_lr = 0.1\nfor _ in range(50): step()", ["0.2"]),
    (mutants.less_precise, "x = y.double()\nprint(x)\n#> 0.25", []),
    (
        mutants.less_precise,
        "f(y.double(), torch.float64)  # gradcheck",
        ["y.float()", "torch.float32"],
    ),
    (mutants.less_precise, "x = y.double()\nprint(x)\n#> 0.1234567", ["y.float()"]),
    (mutants.plotted, "z = f(t)\nw = 3\naxes.plot(z, label='z')", ["2 * (f(t))"]),
    (mutants.plotted, "z = 0\nz = z + f(t)\naxes.plot(z)", ["2 * (z + f(t))"]),
    (mutants.plotted, "z = {k: [f(k)] for k in y}\nfor k in z: axes.bar(z[k])", ["2 * ([f(k)])"]),
    (mutants.constant, "true = 2 * sympy.exp(0.0)", ["3", "1.0"]),
]


@pytest.mark.parametrize(("operator", "text", "codes"), OPERATORS)
def test_operator(operator, text, codes):
    """Each operator makes its changes, each of them once, and leaves other code alone."""
    found = list(mutants.of_text("x.py", text, [operator]))
    assert [mutant.change.partition(" -> ")[2] for mutant in found] == [
        mutants.short(code) for code in codes
    ]
    for mutant in found:
        compile(mutant.text, "x.py", "exec")


@pytest.mark.parametrize(
    "text",
    [
        "assert x == approx(y, rel=1e-6)",
        "EXACT = 1e-9",
        "f(1e-5)",
        "assert x > 3",
        "x[0]",
        "range(4)",
        'close = {"rtol": 0}',
        "minimize(f, bracket=(0, 10))",
        "Linear(3, 4)",
        "@parametrize('x', [1, 10])\ndef f(x): pass",
    ],
)
def test_means_of_an_oracle(text):
    """Tolerances, bounds and sizes are no claims, and no mutants are made of them."""
    assert list(mutants.of_oracle("x.py", text)) == []


def test_answers_of_a_table_are_claims():
    """What is asked and what is answered stand in one tuple, above a test."""
    text = "@parametrize(('x', 'y'), [(2, 4)])\ndef f(x, y): pass"
    assert [m.change for m in mutants.of_oracle("x.py", text)] == ["2 -> 3", "4 -> 5"]


def test_a_mutant_is_one_change():
    """The mutant's text differs from the file in what it says, in the line that it names."""
    text = "# wrong: x is 1, the value is 2\n# right: y.py\nx = 1\nprint(x)\n#> 1\n"
    found = list(mutants.of_snippet(parse("x.py", "x.py", text)))
    assert [mutant.change for mutant in found] == [
        "digit 1 -> 2 at 15",
        "digit 2 -> 3 at 31",
        "digit 1 -> 2 at 4",
    ]
    for mutant in found:
        pairs = zip(text.splitlines(), mutant.text.splitlines(), strict=True)
        changed = [number for number, (was, now) in enumerate(pairs, 1) if was != now]
        assert changed == [mutant.line]


def test_where_no_number_is_stated():
    """Without a number that can be wrong, only the flags are tried."""
    text = "y = x**2\ng = f(create_graph=True)\nprint(y)\n#> PowBackward0\n"
    assert changes_of(text) == [
        "digit 0 -> 1 at 15",
        "create_graph=True -> create_graph=False",
        "create_graph=True -> retain_graph=True",
    ]
    assert "2 -> 3" in changes_of(text, quoted=True)
    assert "2 -> 3" in changes_of(text.replace("PowBackward0", "-4.0"))
    assert "2 -> 3" in changes_of(text + "assert y == 4\n")


def test_where_only_counts_are_stated():
    """Flags and steps are tried; numbers too, where they are compared, or have a decimal point."""
    text = "y = x**2\nfor _ in range(3): f(y, create_graph=True)\nprint(n)\n#> 3\n"
    counts = ["create_graph=True -> create_graph=False", "create_graph=True -> retain_graph=True"]
    assert changes_of(text) == ["digit 3 -> 4 at 4", "3 -> 4", *counts]
    for other in (text.replace("print(n)", "print(y > 1)"), text.replace("#> 3", "#> 3.0")):
        assert "2 -> 3" in changes_of(other)
    assert "2 -> 3" not in changes_of(text.replace("print(n)", "print(y is None)"))


def test_numbers_that_come_to_nothing():
    """In the statement that raises; and how thick a line is drawn."""
    text = "y = x**2\nprint(y)\n#> 4.0\ngrad(y**3, create_graph=True)\n#! RuntimeError: no\n"
    assert "2 -> 3" in changes_of(text)
    assert "3 -> 4" not in changes_of(text)
    assert "create_graph=True -> create_graph=False" in changes_of(text)
    drawn = "axes.plot(2 * t, alpha=0.5)\nprint(1)\n#> 1.0\n"
    assert [change for change in changes_of(drawn) if "digit" not in change] == ["2 -> 4"]


def test_bound_values_of_a_page():
    """Each place that names a value is tried: in prose and in front matter, not in a fence."""
    text = (
        "---\nfix: '{{ a.py:u }}'\n---\n{{ a.py:u }}, {{ a.py:v:.2f }}\n\n~~~\n{{ a.py:w }}\n~~~\n"
    )
    found = mutants.of_page(parse_page("p.md", text, KINDS), text)
    assert [(mutant.line, mutant.change) for mutant in found] == [
        (2, "u -> u_"),
        (4, "u -> u_"),
        (4, "v -> v_"),
    ]


def test_digits_of_a_graph_on_a_page():
    """What it is stated to be, and not what is said about it."""
    text = "```graph a.py:d\nOne of 2.\n\nd = 10: A0(b)\nb = 2: B\n```\n"
    found = mutants.of_page(parse_page("p.md", text, KINDS), text)
    assert [(mutant.line, mutant.change) for mutant in found] == [
        (4, "digit 1 -> 2 at 5"),
        (4, "digit 0 -> 1 at 6"),
        (4, "digit 0 -> 1 at 10"),
        (5, "digit 2 -> 3 at 5"),
    ]


def changes_of(text, **how):
    return [mutant.change for mutant in mutants.of_snippet(parse("x.py", "x.py", text), **how)]
