"""Mutation testing: which changes are tried, and who notices them."""

import subprocess

import pytest

from proofread.attack import mutants as mutation
from proofread.attack.trial import Mutation, sample, table
from proofread.fault import FaultError
from proofread.read.page import parse_page
from proofread.read.snippet import parse
from proofread.show.kinds import KINDS

CALL = "torch.autograd.grad(y, x, create_graph=True)"
OPERATORS = [
    (mutation.create_graph, f"g = {CALL}[0]", ["create_graph=False", "retain_graph=True"]),
    (
        mutation.create_graph,
        "grad(y, retain_graph=True, create_graph=True)",
        ["create_graph=False"],
    ),
    (mutation.create_graph, "y.backward(create_graph=False)", []),
    (mutation.detached, CALL, [f"tuple(g if g is None else g.detach() for g in {CALL})"]),
    (mutation.detached, CALL.replace("True", "False"), []),
    (mutation.sign, "(a - b) * -c", ["a + b", "c"]),
    (mutation.sign, "é = (a) + (b)", ["(a) - (b)"]),
    (mutation.sign, "z[-1] + [0]", []),
    (mutation.exponent, "a**2 + a.pow(3) + 10**k", ["3", "4"]),
    (mutation.coefficient, "0.5 * x / n", ["1.0"]),
    (mutation.coefficient, "lam, size = 0, 4\nlam = 0\nf(penalty_weight=1)", ["1.0", "2"]),
    (mutation.learning_rate, "SGD(w, lr=0.1)\ninner_lr = 1", ["0.2", "2"]),
    (mutation.step_count, "for _ in range(20): pass", ["21"]),
    (mutation.step_count, "[k for k in range(1, 9)]\nrange(3)", ["10"]),
    (mutation.step_count, "def f(x, steps=3, size=2): pass", ["4"]),
    (mutation.less_precise, "x = y.double()\nprint(x)\n#> 0.25", []),
    (
        mutation.less_precise,
        "f(y.double(), torch.float64)  # gradcheck",
        ["y.float()", "torch.float32"],
    ),
    (mutation.less_precise, "x = y.double()\nprint(x)\n#> 0.1234567", ["y.float()"]),
    (mutation.plotted, "z = f(t)\nw = 3\naxes.plot(z, label='z')", ["2 * (f(t))"]),
    (mutation.plotted, "z = {k: [f(k)] for k in y}\nfor k in z: axes.bar(z[k])", ["2 * ([f(k)])"]),
    (mutation.constant, "true = 2 * sympy.exp(0.0)", ["3", "1.0"]),
]

FILES = {
    "snippets/toy/x.py": "a = 3\nb = a**2\nc = a + 1\nprint(c)\n#> 4\n",
    "docs/index.md": '```python\n--8<-- "toy/x.py"\n```\n\nIt is {{ toy/x.py:b }}.\n',
    "pyproject.toml": "",
    "tests/conftest.py": """
import pytest

@pytest.fixture
def values(pytestconfig):
    return lambda name: pytestconfig.report.verdicts[name].values
""",
}
ORACLE = """
def test_square(values):
    assert values("toy/x.py")["b"] == 3 * 3
"""
ENTRY = """
[[equivalent]]
reason = "nobody looks at it"
mutants = ["snippets/toy/x.py: 2 -> 3, in: b = a**2"]
"""


@pytest.mark.parametrize(("operator", "text", "codes"), OPERATORS)
def test_operator(operator, text, codes):
    """Each operator makes its changes, each of them once, and leaves other code alone."""
    mutants = list(mutation._mutants("x.py", text, [operator]))
    assert [mutant.change.partition(" -> ")[2] for mutant in mutants] == [
        mutation._short(code) for code in codes
    ]
    for mutant in mutants:
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
    ],
)
def test_means_of_an_oracle(text):
    """Tolerances, bounds and sizes are no claims, and no mutants are made of them."""
    assert list(mutation.of_oracle("x.py", text)) == []


def test_a_mutant_is_one_change():
    """The mutant's text differs from the file in what it says, in the line that it names."""
    text = "# wrong: x is 1, the value is 2\n# right: y.py\nx = 1\nprint(x)\n#> 1\n"
    mutants = list(mutation.of_snippet(parse("x.py", "x.py", text)))
    assert [mutant.change for mutant in mutants] == [
        "digit 1 -> 2 at 15",
        "digit 2 -> 3 at 31",
        "digit 1 -> 2 at 4",
    ]
    for mutant in mutants:
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


def test_bound_values_of_a_page():
    """Each place that names a value is tried: in prose and in front matter, not in a fence."""
    text = (
        "---\nfix: '{{ a.py:u }}'\n---\n{{ a.py:u }}, {{ a.py:v:.2f }}\n\n~~~\n{{ a.py:w }}\n~~~\n"
    )
    found = mutation.of_page(parse_page("p.md", text, KINDS), text)
    assert [(mutant.line, mutant.change) for mutant in found] == [
        (2, "u -> u_"),
        (4, "u -> u_"),
        (4, "v -> v_"),
    ]


def test_digits_of_a_graph_on_a_page():
    """What it is stated to be, and not what is said about it."""
    text = "```graph a.py:d\nOne of 2.\n\nd = 10: A0(b)\nb = 2: B\n```\n"
    found = mutation.of_page(parse_page("p.md", text, KINDS), text)
    assert [(mutant.line, mutant.change) for mutant in found] == [
        (4, "digit 1 -> 2 at 5"),
        (4, "digit 0 -> 1 at 6"),
        (4, "digit 0 -> 1 at 10"),
        (5, "digit 2 -> 3 at 5"),
    ]


def test_who_notices(build):
    """A statement, an oracle or a page catches a mutant; what nobody asserts survives."""
    assert tried(build(FILES)) == {
        "a + 1 -> a - 1": "what it states",
        "digit 4 -> 5 at 4": "what it states",
        "b -> b_": "docs/index.md",
        "2 -> 3": "",
    }
    oracle = {"tests/snippets/test_toy.py": ORACLE}
    assert tried(build({**FILES, **oracle})) == {
        "a + 1 -> a - 1": "what it states",
        "digit 4 -> 5 at 4": "what it states",
        "b -> b_": "docs/index.md",
        "2 -> 3": "test_toy.py::test_square",
        "3 -> 4": "test_toy.py::test_square",
    }


def test_who_notices_a_twin(build):
    """A right snippet whose answer changes is caught by the header of the wrong one."""
    right = "x = 3\ny = x**2\nassert y\n"
    wrong = "# wrong: y is 3, the square is 9\n# right: right.py\ny = 3\nprint(y)\n#> 3\n"
    project = build({"snippets/wrong.py": wrong, "snippets/right.py": right})
    assert tried(project)["2 -> 3"] == "the header of snippets/wrong.py"


def test_it_is_remembered(build, monkeypatch):
    """The second time, no snippet and no test runs."""
    project = build({**FILES, "tests/snippets/test_toy.py": ORACLE})
    first, ran = tried(project), []
    monkeypatch.setattr(project.verifier.runner, "run", lambda snippets: ran.extend(snippets) or ())
    monkeypatch.setattr("proofread.attack.oracle.Oracles.submit", None)
    assert tried(project) == first
    assert ran == []


def test_justified(build):
    """A survivor with a reason is no failure, until something catches it, or it is gone."""
    project = build({**FILES, "tests/equivalent.toml": ENTRY})
    mutation, trials = trials_of(project)
    assert [t.reason for t in trials if not t.caught_by] == ["nobody looks at it"]
    assert not any(trial.survives for trial in trials)
    assert list(mutation.stale(trials)) == []
    assert list(mutation.stale([])) == []

    mutation, trials = trials_of(build({**FILES, "tests/snippets/test_toy.py": ORACLE}))
    assert [line.partition(": ")[2] for line in mutation.stale(trials)] == [
        "caught by test_toy.py::test_square: snippets/toy/x.py: 2 -> 3, in: b = a**2"
    ]

    gone = ENTRY.replace("2 -> 3", "2 -> 4")
    mutation, trials = trials_of(build({**FILES, "tests/equivalent.toml": gone}))
    assert [line.partition(": ")[2] for line in mutation.stale([])] == [
        "no such mutant: snippets/toy/x.py: 2 -> 4, in: b = a**2"
    ]


def test_table(build):
    """The strength of a page is the part of its mutants that is caught."""
    mutation, trials = trials_of(build(FILES))
    assert list(table(mutation, trials)) == [
        " caught justified survive strength",
        "      3         0       1    75.0%  all",
        "      3         0       1    75.0%  docs/index.md",
    ]


def test_sample(build):
    """A sample is a matter of its seed, and a mutant that comes or goes shifts no others."""
    mutants = Mutation(*checked(build(FILES))).mutants
    assert sample(mutants, 2) == sample(mutants[::-1], 2)
    assert {*sample(mutants, 2)} - {mutants[0]} <= {*sample(mutants[1:], 2)}
    assert len({tuple(sample(mutants, 2, seed)) for seed in range(9)}) > 1


def test_since(build, tmp_path):
    """Only the mutants of files that changed since a revision are tried."""
    mutation = Mutation(*checked(build({**FILES, "tests/snippets/test_toy.py": ORACLE})))
    for command in (["init"], ["add", "."], ["commit", "-m", "All of it"]):
        who = ["-c", "user.name=x", "-c", "user.email=x", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", *who, *command], cwd=tmp_path, check=True, capture_output=True)
    assert mutation.since(mutation.mutants, "HEAD") == []
    (tmp_path / "tests/snippets/test_toy.py").write_text(ORACLE + "\n")
    found = mutation.since(mutation.mutants, "HEAD")
    assert {mutant.path for mutant in found} == {"tests/snippets/test_toy.py"}
    with pytest.raises(FaultError, match="nowhere"):
        mutation.since(mutation.mutants, "nowhere")


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (("docs/index.md",), 1, "snippets/toy/x.py:2: 2 -> 3, in: b = a**2"),
        (("--sample", "0"), 0, "strength"),
        (("docs/other.md",), 2, "docs/other.md:1: "),
    ],
)
def test_command_line(build, command, arguments, status, says):
    """It exits with 1 if a mutant survives, and with 2 if it is asked for what there is not."""
    build(FILES)
    done = command("proofread", "mutate", *arguments)
    assert done.returncode == status, done.stderr
    assert says in done.stdout + done.stderr


def changes_of(text, **how):
    return [mutant.change for mutant in mutation.of_snippet(parse("x.py", "x.py", text), **how)]


def checked(project):
    report = project.check()
    assert [str(fault) for fault in report.faults] == []
    return project, report


def trials_of(project):
    mutation = Mutation(*checked(project))
    return mutation, mutation.try_out(mutation.mutants)


def tried(project):
    """What catches each mutant, by the change."""
    return {trial.mutant.change: trial.caught_by for trial in trials_of(project)[1]}
