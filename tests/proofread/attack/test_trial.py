"""Mutation testing: who notices a change, and what becomes of one that nobody notices."""

import subprocess
from concurrent.futures import ProcessPoolExecutor

import pytest

from proofread.attack.trial import Attack, sample, table
from proofread.fault import FaultError

FILES = {
    "snippets/toy/x.py": "a = 3\nb = a**2\nc = a + 1\nprint(c)\n#> 4\n",
    "docs/index.md": '```python\n--8<-- "toy/x.py"\n```\n\nIt is {{ toy/x.py:b }}.\n',
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
    monkeypatch.setattr(ProcessPoolExecutor, "submit", None)
    assert tried(project) == first
    assert ran == []


def test_justified(build):
    """A survivor with a reason is no failure, until something catches it, or it is gone."""
    project = build({**FILES, "tests/equivalent.toml": ENTRY})
    attack, trials = trials_of(project)
    assert [t.reason for t in trials if not t.caught_by] == ["nobody looks at it"]
    assert not any(trial.survives for trial in trials)
    assert list(attack.stale(trials)) == []
    assert list(attack.stale([])) == []

    attack, trials = trials_of(build({**FILES, "tests/snippets/test_toy.py": ORACLE}))
    assert [line.partition(": ")[2] for line in attack.stale(trials)] == [
        "caught by test_toy.py::test_square: snippets/toy/x.py: 2 -> 3, in: b = a**2"
    ]

    gone = ENTRY.replace("2 -> 3", "2 -> 4")
    attack, trials = trials_of(build({**FILES, "tests/equivalent.toml": gone}))
    assert [line.partition(": ")[2] for line in attack.stale([])] == [
        "no such mutant: snippets/toy/x.py: 2 -> 4, in: b = a**2"
    ]


def test_table(build):
    """The strength of a page is the part of its mutants that is caught."""
    attack, trials = trials_of(build(FILES))
    assert list(table(attack, trials)) == [
        " caught justified survive strength",
        "      3         0       1    75.0%  all",
        "      3         0       1    75.0%  docs/index.md",
    ]


def test_sample(build):
    """A sample is a matter of its seed, and a mutant that comes or goes shifts no others."""
    mutants = Attack(*checked(build(FILES))).mutants
    assert sample(mutants, 2) == sample(mutants[::-1], 2)
    assert {*sample(mutants, 2)} - {mutants[0]} <= {*sample(mutants[1:], 2)}
    assert len({tuple(sample(mutants, 2, seed)) for seed in range(9)}) > 1


def test_since(build, tmp_path):
    """Only the mutants of files that changed since a revision are tried."""
    attack = Attack(*checked(build({**FILES, "tests/snippets/test_toy.py": ORACLE})))
    for command in (["init"], ["add", "."], ["commit", "-m", "All of it"]):
        who = ["-c", "user.name=x", "-c", "user.email=x", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", *who, *command], cwd=tmp_path, check=True, capture_output=True)
    assert attack.since(attack.mutants, "HEAD") == []
    (tmp_path / "tests/snippets/test_toy.py").write_text(ORACLE + "\n")
    found = attack.since(attack.mutants, "HEAD")
    assert {mutant.path for mutant in found} == {"tests/snippets/test_toy.py"}
    with pytest.raises(FaultError, match="nowhere"):
        attack.since(attack.mutants, "nowhere")


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


def checked(project):
    report = project.check()
    assert [str(fault) for fault in report.faults] == []
    return project, report


def trials_of(project):
    attack = Attack(*checked(project))
    return attack, attack.try_out(attack.mutants)


def tried(project):
    """What catches each mutant, by the change."""
    return {trial.mutant.change: trial.caught_by for trial in trials_of(project)[1]}
