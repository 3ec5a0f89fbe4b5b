"""Each verdict on a library is what its numbers say, of the program that is there today."""

import json
import re
import subprocess
import sys
import tomllib

import pytest

from measured import kit
from measured.kit import ROOT
from measured.libraries import RIGHT, page
from measured.libraries.__main__ import main, results
from measured.libraries.page import is_right, verdict
from measured.libraries.run import HERE, key, libraries, measure, program

#: By how much the largest error of what is not right exceeds the limit.
GAP = 5
#: Each call that is not right; every other is.
EXPECTED = tomllib.loads((ROOT / "tests/measured/libraries/expected.toml").read_text("utf-8"))
#: What is judged, as a program that knows what is right.
PROGRAM = """
import torch
from measured.libraries.inside import once, same, twice

class Cube(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x**3

    @staticmethod
    def backward(ctx, g):
        (x,) = ctx.saved_tensors
        return g * 3 * x**2

class Saved(Cube):
    @staticmethod
    def backward(ctx, g):
        return g * 3 * ctx.saved_tensors[0].detach() ** 2

class Cut(Cube):
    @staticmethod
    def backward(ctx, g):
        return (g * 3 * ctx.saved_tensors[0] ** 2).detach()

class Marked(Cube):
    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx, g):
        return g * 3 * ctx.saved_tensors[0] ** 2

class Half(Cube):
    @staticmethod
    def backward(ctx, g):
        return g * ctx.saved_tensors[0] ** 2

x, y = torch.rand(3) + 0.5, torch.rand(3) + 0.5
for kind in (Cube, Saved, Cut, Marked, Half):
    twice(kind.__name__, lambda: kind.apply(x), [x])
twice("linear in the loss, and still judged", lambda: Saved.apply(x).sum(), [x])
twice("detached", lambda: x.detach() ** 3, [x])
once("unused", lambda: (x.detach() * y.sin()), [x, y])
once("dropped", lambda: (x * 0).sin() + x.detach() * y, [x, y])
once("zero", lambda: (x * 0).sin() + x.detach() ** 2, [x])
once("nan", lambda: ((x - x) ** 2).sum().sqrt() + x.sum(), [x])
same("its own", lambda: torch.ones(2), lambda: torch.ones(2))
same("another", lambda: torch.ones(2), lambda: 2 * torch.ones(2))
"""
JUDGED = {
    "Cube": "right",
    "Saved": "wrong",
    "Cut": "no graph",
    "Marked": "raises",
    "Half": "first differs",
    "linear in the loss, and still judged": "wrong",
    "detached": "raises at once",
    "unused": "drops",
    "dropped": "drops",
    "zero": "zero",
    "nan": "nan",
    "its own": "right",
    "another": "wrong",
}


@pytest.fixture(scope="module")
def records():
    """The committed measurement."""
    return kit.load(page.FILE)


def test_each_way_to_fail_is_told_apart(tmp_path):
    """What is judged in a process of its own gets the verdict that it deserves."""
    path = tmp_path / "program.py"
    path.write_text(PROGRAM, encoding="utf-8")
    command = [sys.executable, "-c", f"import runpy; runpy.run_path({str(path)!r})"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    calls = [json.loads(line, parse_constant=str) for line in done.stdout.splitlines()]
    assert {call["call"]: verdict(call) for call in calls} == JUDGED


def test_each_verdict_is_the_expected_one(records):
    """What is not right is listed beside this test, with its verdict."""
    found = {
        name: {c["call"]: verdict(c) for c in record["calls"] if verdict(c) != "right"}
        for name, record in records.items()
        if "calls" in record
    }
    assert {name: calls for name, calls in found.items() if calls} == EXPECTED


def test_enough_libraries_ran():
    """At least 25, most of them with several calls."""
    assert len(page.ran()) >= 25
    assert sum(len(record["calls"]) for record in page.ran().values()) > 150


def test_no_verdict_hangs_on_the_tolerance(records):
    """An error is far below the limit, or far above it, and a right derivative is none of zero."""
    for name, record in records.items():
        for call in record.get("calls", ()):
            if "raises" in call:
                continue
            worst = max(float(one["error"]) for one in call["tensors"])
            assert worst < RIGHT / 2 or worst > RIGHT * GAP, (name, call)
            if verdict(call) == "right":
                assert max(one["truth"] for one in call["tensors"]) > 1e-6, (name, call)


def test_the_records_are_of_the_programs_that_are_there(records):
    """Each library has a record, each record a program, and neither has changed since."""
    known = libraries()
    assert records.keys() == known.keys()
    assert {program(name) for name in known} == {
        path for path in (HERE / "programs").glob("*.py") if path.name != "__init__.py"
    }
    for name, record in records.items():
        assert record["key"] == key(name, known[name]["install"]), name
        assert (
            record["install"][0].partition("==")[2] == record.get("version", "").partition("+")[0]
            or "failed" in record
        ), name


def test_what_is_advised_is_right(records):
    """A call to use is right, and what is called documented or advised was measured."""
    for name, library in libraries().items():
        verdicts = {call["call"]: verdict(call) for call in records[name].get("calls", ())}
        assert {verdicts.get(call) for call in library.get("use", ())} <= {"right"}, name
        documented = set(library.get("documented", ()))
        assert documented <= {call for call, word in verdicts.items() if word != "right"}, name
        if verdicts and not library.get("use"):
            bad = {call for call, word in verdicts.items() if word != "right"}
            assert bad <= documented, f"{name}: name a call to use"


def test_the_summary_counts_each_call_once(records):
    """By a count of its own, of the data alone."""
    said = page.summary(None)
    calls = sum(len(record.get("calls", ())) for record in records.values())
    assert (
        f"{sum('calls' in record for record in records.values())} libraries, {calls} calls" in said
    )
    counted = [int(n) for n in re.findall(r"(\d+) (?:are|raise|leave|give|silently|differ)", said)]
    assert sum(counted) == calls


def test_each_row_can_be_linked():
    """A row of the table leads to a section, and a section is on the page once."""
    linked = re.findall(r"\]\(#([^)]+)\)", page.glance(None))
    headings = re.findall(r"^### (.+)$", page.details(None) + "\n" + page.read(None), re.M)
    assert len(linked) == len(set(linked)) == len(page.ran())
    assert [page.anchor(name) for name in headings[: len(linked)]] == linked
    assert len(set(headings)) == len(headings)


def test_what_was_read_says_where():
    """A version, a place, what is missing, and a way out."""
    for name, one in page.unread().items():
        assert one.keys() == {"version", "place", "missing", "out"}, name
        assert all(one.values()), name


def test_a_library_that_cannot_be_installed_is_told(monkeypatch, tmp_path):
    """Its record says why, in a line."""
    monkeypatch.setattr("measured.libraries.run.FOLDER", tmp_path)
    monkeypatch.setattr("measured.libraries.run.venv", fails)
    record = measure("higher", ["higher==0"])
    assert record["failed"] == "ERROR: no such version in ... folder"
    assert results(record) == {"run": record["failed"]}
    assert "calls" not in record


def fails(*_, **__):
    raise RuntimeError("ERROR: no such version in ... folder")


def test_an_unknown_library_is_named():
    with pytest.raises(SystemExit, match="no library is called betamax"):
        main(["betamax"])


def test_nan_is_not_right():
    assert not is_right({"name": "", "got": "NaN", "truth": 1.0, "error": "Infinity"})
