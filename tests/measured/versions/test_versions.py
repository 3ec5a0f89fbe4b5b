"""What differs in other versions is told as measured, and the measurement is that of this site."""

import json
import random
import re
import subprocess
import sys
from dataclasses import asdict, replace

import pytest

from measured import kit
from measured.kit import ROOT
from measured.versions import __main__ as program
from measured.versions import page
from measured.versions.__main__ import VERSIONS, main, record, results
from measured.versions.difference import KINDS, difference
from measured.versions.page import load, order
from measured.versions.run import portable, requirements, run, stated_truths
from proofread.read.snippet import parse
from proofread.run.job import Outcome, Raised, Warned

LOCKED = re.search(r'"torch==([\d.]+)"', (ROOT / "pyproject.toml").read_text(encoding="utf-8"))[1]
SAMPLE = 25


@pytest.fixture(scope="module")
def records():
    """The committed measurement."""
    return load()


@pytest.fixture(scope="module")
def snippets(project):
    """Everything that another version can run."""
    return portable(project.verifier)


def of(text, outputs=("", ""), truths=(), **outcome):
    """Compare a small snippet with what it is said to have done; return (kind, got), or None."""
    snippet = parse("x.py", "snippets/x.py", text)
    found = difference(snippet, Outcome("done", list(outputs), **outcome), truths)
    return (found.kind, found.got) if found else None


def raised(kind, message, statement=1):
    return Raised(statement, kind, message, statement + 1)


def warned(message):
    return Warned(1, "UserWarning", message)


PRINTS = "x = 1\nprint(x)\n#> x: 2.5000, [1, 2]\n"
RAISES = "x = 1\nx.backward()\n#! RuntimeError: not there, not ...\n"
WARNS = "x = 1\nx.item()\n#! UserWarning: careful\n"
WRONG = "# wrong: dx is 2.0, the derivative is 10.0\n# right: y.py\ndx = 2\nprint(dx)\n#> 2.0\n"


@pytest.mark.parametrize(
    "text, outputs, outcome, expected",
    [
        (PRINTS, ["", "x: 2.5000, [1, 2]\n"], {}, None),
        (PRINTS, ["", "x: 2.5001, [1, 2]\n"], {}, ("digits", "x: 2.5001, [1, 2]")),
        (PRINTS, ["", "x: 2.6000, [1, 2]\n"], {}, ("value", "x: 2.6000, [1, 2]")),
        (PRINTS, ["", "x: 2.5, [1, 2]\nx\n"], {}, ("value", "x: 2.5, [1, 2]\nx")),
        (PRINTS, ["", "[Gloo] Rank 0\n1\nx: 2.5000, [1, 2]\n"], {}, None),
        (PRINTS, ["", "[Gloo] Rank 0\nx: 3\n"], {}, ("value", "[Gloo] Rank 0\nx: 3")),
        (
            PRINTS,
            ["", ""],
            {"error": raised("ValueError", "no\n  such")},
            ("raises", "ValueError: no such"),
        ),
        (
            PRINTS,
            [""],
            {"error": raised("AttributeError", "module 'torch' has no attribute 'func'", 0)},
            ("lacks", "AttributeError: module 'torch' has no attribute 'func'"),
        ),
        (
            PRINTS,
            [""],
            {"error": raised("ImportError", "cannot import 'x' from 't' (/home/me/t/x.py)", 0)},
            ("lacks", "ImportError: cannot import 'x' from 't' (.../x.py)"),
        ),
        (RAISES, ["", ""], {"error": raised("RuntimeError", "not there, not here")}, None),
        (
            RAISES,
            ["", ""],
            {"error": raised("RuntimeError", "absent, see https://a.org/b/c")},
            ("message", "RuntimeError: absent, see https://a.org/b/c"),
        ),
        (
            RAISES,
            [""],
            {"error": raised("RuntimeError", "not there, not here", 0)},
            ("raises", "RuntimeError: not there, not here"),
        ),
        (RAISES, ["", "5\n"], {}, ("silent", "5")),
        (WARNS, ["", ""], {"warnings": [warned("careful")]}, None),
        (WARNS, ["", ""], {}, ("quiet", "")),
        (
            WARNS,
            ["", ""],
            {"warnings": [warned("danger")]},
            ("message", "UserWarning: danger"),
        ),
        (
            WARNS,
            ["", ""],
            {"warnings": [warned("careful"), warned("and slow")]},
            ("warns", "UserWarning: and slow"),
        ),
        (WRONG, ["", "2.0\n"], {"values": {"dx": 2.0}}, None),
        (WRONG, ["", "10.0\n"], {"values": {"dx": 10.0}}, ("right", "dx is 10.0")),
        (WRONG, ["", "3.0\n"], {"values": {"dx": 3.0}}, ("value", "dx is 3.0")),
    ],
)
def test_each_way_to_differ(text, outputs, outcome, expected):
    """The gravest difference is found, and is of the right kind."""
    assert of(text, outputs, **outcome) == expected


def test_a_right_snippet_that_is_silently_wrong_elsewhere():
    """What snippets that do it wrong state as the truth is asked of the one that does it right."""
    text = "dx = 10\nprint('done')\n#> done\n"
    outputs, truths = ["", "done\n"], [("dx", "10.0")]
    assert of(text, outputs, truths, values={"dx": 10.0}) is None
    assert of(text, outputs, truths, values={"dx": 2.0}) == ("wrong", "dx is 2.0")


def test_a_process_that_died_is_told():
    snippet = parse("x.py", "snippets/x.py", PRINTS)
    found = difference(snippet, Outcome("crash", detail="killed by signal 11"))
    assert (found.kind, found.got) == ("ended", "killed by signal 11")


def test_the_locked_version_agrees_with_the_site(records):
    """It was run as well, and there nothing differs."""
    assert LOCKED in VERSIONS
    assert records[LOCKED]["torch"].partition("+")[0] == LOCKED
    assert records[LOCKED]["differs"] == []
    assert records[LOCKED]["same"] == records[LOCKED]["ran"] > 500


def test_the_summary_counts_each_kind():
    """In one of its columns, none of which is empty by mistake."""
    assert {kind.column for kind in KINDS.values()} == {*page.COLUMNS}


def test_every_version_was_run(records):
    """All of them, oldest first, each in the version that it says."""
    assert records.keys() >= set(VERSIONS)
    assert list(records) == sorted(records, key=order)
    for version, one in records.items():
        assert one["torch"].partition("+")[0] == version
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", one["date"])


def miscounted(one):
    """Tell whether the counts of a record are not those of what it lists."""
    kinds = [found["kind"] for found in one["differs"]]
    counts = {kind: kinds.count(kind) for kind in KINDS if kind in kinds}
    return one["counts"] != counts or one["same"] + len(kinds) != one["ran"]


def test_the_counts_are_those_of_what_is_listed(records):
    """A count that is changed by hand is found."""
    assert [version for version, one in records.items() if miscounted(one)] == []
    some = records[VERSIONS[0]]
    kind, count = next(iter(some["counts"].items()))
    assert miscounted({**some, "counts": {**some["counts"], kind: count + 1}})
    assert miscounted({**some, "same": some["same"] + 1})


def test_the_summary_shows_these_counts(records):
    """Each row adds up to what ran."""
    _, _, *rows = page.summary(None).splitlines()
    assert len(rows) == len(records)
    for row, (version, one) in zip(rows, records.items(), strict=True):
        name, *cells = [cell.strip() for cell in row.strip("|").split("|")]
        assert name.startswith(version)
        assert int(cells[0]) == one["same"]
        assert sum(map(int, cells)) == one["ran"]


def test_nothing_tells_of_the_machine(records):
    """No path of the machine that ran it is in the data."""
    assert re.findall(r"(?<![\w.:/])/(?:home|root|tmp|usr|opt|work)\b", json.dumps(records)) == []


def test_what_is_stated_is_what_the_site_states(records, snippets):
    """Each difference of a snippet that did not change since begins at what that snippet states."""
    current = [
        one
        for entry in records.values()
        for one in entry["differs"]
        if one["kind"] != "wrong" and one["name"] in snippets
        if snippets[one["name"]].digest.startswith(one["sha256"])
    ]
    assert len(current) > 100
    for one in current:
        text = re.sub(r"\s*\n#[!>]\s*", " ", snippets[one["name"]].text)
        words = " ".join(re.sub(r"^#[!>]\s*", "", text).split())
        assert " ".join(one["stated"].removesuffix(" ...").split()) in words, one["name"]


def test_here_everything_is_as_stated(snippets, project):
    """A sample that changes with the snippets runs again with this interpreter."""
    chosen = random.Random(len(snippets)).sample(sorted(snippets), SAMPLE)
    truths, stamps = stated_truths(snippets), []
    ran = list(run(sys.executable, [snippets[name] for name in chosen], stamps.append))
    assert {snippet.name for snippet, _ in ran} == set(chosen)
    assert stamps[0]["torch"].startswith(LOCKED)
    different = [difference(s, outcome, truths.get(s.name, ())) for s, outcome in ran]
    assert [one for one in different if one] == []
    # The same outcomes, with a word put in, are all different.
    printing = [(snippet, outcome) for snippet, outcome in ran if not outcome.error]
    assert len(printing) > SAMPLE / 2
    for snippet, outcome in printing:
        changed = replace(outcome, outputs=[*outcome.outputs[:-1], outcome.outputs[-1] + "x\n"])
        assert difference(snippet, changed)


def test_an_interpreter_that_cannot_is_reported(snippets, tmp_path):
    """It ends with an error, not with fewer results."""
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\nexit 3\n")
    broken.chmod(0o755)
    with pytest.raises((RuntimeError, OSError)):
        list(run(str(broken), list(snippets.values())[:1]))


def test_a_version_that_cannot_be_installed_is_skipped(monkeypatch, tmp_path, capsys):
    """In one line, with what pip says; nothing of it is left."""

    def refuse(command, **_):
        (tmp_path / "0.0.1").mkdir(exist_ok=True)
        return subprocess.CompletedProcess(command, 1, "Looking\nERROR: no such version\n")

    monkeypatch.setattr("measured.kit.subprocess.run", refuse)
    monkeypatch.setattr("measured.versions.run.FOLDER", tmp_path)
    assert main(["0.0.1"])
    assert capsys.readouterr().out == "0.0.1: skipped: ERROR: no such version\n"
    assert list(tmp_path.iterdir()) == []


def test_an_interrupted_run_goes_on(snippets, tmp_path, monkeypatch):
    """What was done is known, unless the snippet changed since."""
    monkeypatch.setattr(kit, "PARTIAL", tmp_path)
    monkeypatch.setattr(program, "FILE", tmp_path / "data.json")
    monkeypatch.setattr(page, "FILE", tmp_path / "data.json")
    first, second, third, *_ = list(snippets.values())[:3]
    ran = []

    def dies(python, chosen, begun):
        begun({"torch": "1.0"})
        for snippet in chosen[:2]:
            yield snippet, Outcome("crash", detail="killed")
        raise KeyboardInterrupt

    def ends(python, chosen, begun):
        begun({"torch": "1.0"})
        for snippet in chosen:
            ran.append(snippet.name)
            yield snippet, Outcome("crash", detail="ended")

    chosen = {one.name: one for one in (first, second, third)}
    monkeypatch.setattr(program, "run", dies)
    with pytest.raises(KeyboardInterrupt):
        program.take("1.0", "python", chosen)
    monkeypatch.setattr(program, "run", ends)
    program.take("1.0", "python", chosen | {first.name: replace(first, text="changed")})
    assert ran == [first.name, third.name]
    differs = {one["name"]: one["got"] for one in page.load()["1.0"]["differs"]}
    assert differs == {first.name: "ended", second.name: "killed", third.name: "ended"}
    assert not list(tmp_path.glob("*.jsonl"))


def test_changes_are_named():
    """A new run is compared with the one that was committed."""
    snippet = parse("x.py", "snippets/x.py", PRINTS)
    old = asdict(difference(snippet, Outcome("done", ["", "3\n"])))
    before, after = results(record({}, 2, [old])), results(record({}, 2, []))
    assert list(kit.changes(before, before, program.SAME)) == []
    assert list(kit.changes(before, after, program.SAME)) == [
        "x.py: was value ('3'), is the same as here"
    ]


def test_old_versions_get_the_numpy_that_they_know():
    assert requirements("2.2.0")[:2] == ["torch==2.2.0", "numpy<2"]
    assert requirements("2.10.0")[:2] == ["torch==2.10.0", "numpy"]


def test_a_changed_snippet_is_left_out(records, report):
    """Nothing is told of code that is not the code that ran, or is gone, or cannot be read."""
    one = next(d for entry in records.values() for d in entry["differs"])
    verdict = report.verdicts[one["name"]]
    assert page.is_current(one, report)
    changed = parse(one["name"], verdict.snippet.path, "import torch\n")
    for verdicts in (
        {one["name"]: replace(verdict, snippet=changed)},
        {one["name"]: replace(verdict, snippet=None)},
        {},
    ):
        assert not page.is_current(one, replace(report, verdicts=verdicts))


def shown(name, stated, got, version="1.0"):
    return page.Shown(version, "message", name, stated, got, "pitfalls/a.md", "A", "here")


def test_wordings_stand_side_by_side():
    """One box for each message, however much of it a snippet states; a line for each wording."""
    text = page.wordings(
        [
            shown("a.py", "RuntimeError: no 5 here ...", "RuntimeError: none"),
            shown("b.py", "RuntimeError: no 6 here, sir", "RuntimeError: none"),
            shown("b.py", "RuntimeError: no 6 here, sir", "RuntimeError: not one", "2.0"),
            shown("c.py", "RuntimeError: other", "RuntimeError: another", "2.0"),
        ],
        "reference/versions.md",
    )
    assert text.count("???") == 2
    assert text.count("RuntimeError: none") == 1
    assert text.index("no 6 here, sir") < text.index("PyTorch 1.0:") < text.index("PyTorch 2.0:")


@pytest.mark.parametrize(
    "message, name",
    [
        ("AttributeError: module 'torch' has no attribute 'func'", "`torch.func`"),
        ("ModuleNotFoundError: No module named 'torch.func'", "`torch.func`"),
        ("ImportError: cannot import name 'x' from 'a.b' (.../b.py)", "`a.b.x`"),
        ("TypeError: A.__init__() got an unexpected keyword argument 'b'", "`b=` of `A`"),
        ("RuntimeError: something else", "`RuntimeError: something else`"),
    ],
)
def test_what_is_missing_has_a_name(message, name):
    assert page.lacking(message) == name


def test_older_wordings_are_in_the_index_of_messages(records, report):
    """Who pastes a message of an older version finds the page that explains it."""
    missing = []
    for source in report.pages.values():
        for entry in source.meta.get("errors") or ():
            known = [gist(text) for text in entry.get("older") or ()]
            missing += [
                f"{source.path}, {entry['snippet']}: {words}"
                for words in older(records, entry["snippet"])
                if not any(text in gist(words) for text in known)
            ]
    assert missing == []
    assert older(records, "pitfalls/unused_input/last_bias.py")


def older(records, name):
    """The messages of a snippet in versions before this one, without their types."""
    return {
        one["got"].partition(": ")[2]
        for version, entry in records.items()
        for one in entry["differs"]
        if order(version) < order(LOCKED) and one["name"] == name and one["kind"] == "message"
        if gist(one["got"]) != gist(one["stated"])
    }


def gist(text):
    """What two cases of a message share: all but numbers and addresses."""
    return re.sub(r"https?://\S+|\d+|\s+", "", text)
