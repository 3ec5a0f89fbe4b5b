"""A judgment runs in a process of its own: what a test does there is gone with it."""

import json
import os
import time
from dataclasses import replace
from pathlib import Path

import pytest

from proofread.attack.mutants import Mutant
from proofread.attack.oracle import FORK, Oracles, imported
from proofread.fault import FaultError

CONFTEST = """
import pytest

@pytest.fixture
def values(pytestconfig):
    return lambda name: pytestconfig.report.verdicts[name].values
"""
ORACLE = """
def test_a(values):
    a = values("x.py")["a"]
    {}
"""
#: What an oracle does with ``a`` -> what is known of it where ``a`` is not 1.
ENDS = {
    "assert a == 1": "test_x.py::test_a",
    "while a != 1: pass": "no end in 5 s",
    "import signal; a == 1 or signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65)); "
    "[a for _ in iter(lambda: a, 1)]": "no end in 5 s",
    "import os; a == 1 or os._exit(0)": "a crash",
    "import ctypes; a == 1 or ctypes.string_at(0)": "a crash",
}
#: It keeps something of the first mutant, in modules and in the environment.
KEEPS = """
import math, os, sys

def test_a(values):
    if values("x.py")["a"] != 1:
        assert not hasattr(math, "kept") and "KEPT" not in os.environ
        math.kept = os.environ["KEPT"] = "kept"
"""
#: It starts a process that outlives it, and writes down which.
LEAVES = """
import pathlib, subprocess, sys, time

def test_a(values):
    if values("x.py")["a"] != 1:
        left = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(1000)"])
        pathlib.Path({!r}).write_text(str(left.pid))
        time.sleep(1000)
"""


@pytest.fixture
def judged(build, tmp_path):
    """Return a function from texts of oracles to what catches each of two answers but 1."""

    def judged(**texts):
        files = {f"tests/snippets/test_{name}.py": text for name, text in texts.items()}
        snippets = {"snippets/x.py": "a = 1\n", "snippets/y.py": "a = 1\n"}
        project = build({**files, **snippets, "tests/conftest.py": CONFTEST})
        report = project.check()
        true, found = report.verdicts["x.py"], {}
        for number in (2, 3):
            other = replace(true.outcome, values={"a": number})
            mutant = Mutant("snippets/x.py", 1, "a = 1", f"1 -> {number}", f"a = {number}\n")
            found[mutant] = replace(true, outcome=other)
        with Oracles(project.root, report, tmp_path / "judged", 1, seconds=5) as known:
            return list(known.caught(found).values())

    return judged


@pytest.mark.parametrize("does", ENDS)
def test_however_it_ends(judged, does, tmp_path):
    """A failure, a loop without an end, a crash: each is an answer, and the next is judged too."""
    if "pthread" in does and not FORK:
        pytest.skip("signals of POSIX")
    assert judged(x=ORACLE.format(does)) == [ENDS[does]] * 2
    kept = [json.loads(file.read_text())[0] for file in tmp_path.glob("judged/*.json")]
    # Without a mutant, and with each that came to its end: a busy machine may be why others do not.
    assert sorted(kept) == ["", *[end for end in [ENDS[does]] * 2 if "::" in end]]


def test_nothing_is_kept(judged):
    """A module that a test changes is as it was for the next mutant."""
    assert judged(x=KEEPS) == ["", ""]


@pytest.mark.skipif(not FORK, reason="a group of processes is POSIX")
def test_what_a_test_starts_is_ended(judged, tmp_path):
    """With the judgment."""
    file = tmp_path / "left"
    assert judged(x=LEAVES.format(str(file))) == ["no end in 5 s"] * 2
    pid, until = int(file.read_text()), time.monotonic() + 60
    while runs(pid) and time.monotonic() < until:
        time.sleep(0.1)
    assert not runs(pid)


def runs(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # What has ended waits for whoever reaps it.
    status = Path(f"/proc/{pid}/stat")
    return not status.exists() or status.read_text().rpartition(")")[2].split()[0] != "Z"


def test_only_who_asks_is_asked(judged):
    """A file of tests is run for the snippets that it looks up, whatever it calls them."""
    other = 'def test_y(values):\n    assert values("y" + ".py")["a"] == 1\n'
    asks_all = """
def test_all(pytestconfig):
    assert all(verdict.values["a"] == 1 for verdict in pytestconfig.report.verdicts.values())
"""
    assert judged(x=other) == ["", ""]
    assert judged(x=other, y=asks_all) == ["test_y.py::test_all"] * 2


def test_an_oracle_that_fails_anyway_is_named(judged):
    """What fails without any mutant says nothing of one."""
    with pytest.raises(FaultError, match=r"test_x\.py:1: fails without any mutant: test_x"):
        judged(x=ORACLE.format("assert a == 4"))


def test_what_is_imported():
    """Wherever it is, and not what only looks like it."""
    text = '"""\nfrom the start\n"""\nimport a, b.c as d\n\ndef f():\n    from e.f import g\n'
    assert imported(text) == {"a", "b.c", "e.f"}
