"""The engine's specification: each file in ``cases/`` is a tiny project and its verdict.

A case is a title sentence, then blocks. ``--- snippets/x.py`` and ``--- docs/index.md`` are
files (``--- docs/index.md (latin-1)`` in that encoding); without a page, ``docs/index.md``
shows each snippet in turn. ``--- expect`` is everything that is found, as an author reads it,
or ``verified``; ``...`` stands for any text on its line. ``--- expanded docs/index.md`` is
the page as another generator receives it.
"""

import re
from pathlib import Path

import pytest

CASES = sorted(Path(__file__).with_name("cases").glob("*.md"))
BLOCK = re.compile(r"^--- (expect|expanded )?(\S*)(?: \((\S+)\))?\n", re.MULTILINE)


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_case(case, build, tmp_path):
    """The project of the case has exactly the verdict, and the expanded pages, that it says."""
    files, expected, expanded = read_case(case.read_text(encoding="utf-8"))
    project = build(files)
    report = project.check()
    assert_alike(verdict(report), expected)
    if expanded:
        project.expand(tmp_path / "expanded", report)
    for name, text in expanded.items():
        path = tmp_path / "expanded" / name.removeprefix("docs/")
        assert path.read_text(encoding="utf-8") == text


@pytest.mark.parametrize("stated", ["#> 5", "#> 4\n#> 4", "#! ValueError: 4", ""])
def test_a_case_can_fail(stated, build):
    """A case that says "verified" of an untrue snippet is not passed."""
    report = build({"snippets/x.py": f"print(2 + 2)\n{stated}\n"}).check()
    with pytest.raises(AssertionError):
        assert_alike(verdict(report), "verified\n")


def test_every_case_has_a_title():
    """A case opens with one sentence that says what behavior it shows."""
    for case in CASES:
        title = case.read_text(encoding="utf-8").split("\n---")[0].strip()
        assert re.fullmatch(r"[A-Z`].*[^.]\.", title), case.name


def read_case(text):
    """Return the files of a case, the expected verdict, and the expected expanded pages."""
    files, expected, expanded = {}, None, {}
    _, *blocks = BLOCK.split(text)
    for kind, name, encoding, body in zip(*[iter(blocks)] * 4, strict=True):
        body = body.rstrip("\n") + "\n"
        if kind == "expect":
            expected = body
        elif kind:
            expanded[name] = body
        else:
            files[name] = body.encode(encoding or "utf-8")
    return files, expected, expanded


def verdict(report):
    """Everything that is found, as one text."""
    found = [str(fault) for fault in report.faults] or ["verified"]
    return "\n".join([*found, *report.not_run()]) + "\n"


def assert_alike(actual, expected):
    """Compare texts; ``...`` in the expected one stands for any text on its line."""
    pattern = ".*".join(map(re.escape, expected.split("...")))
    if not re.fullmatch(pattern, actual):
        assert actual == expected
