"""A piece is in its place on the page exactly once, or the build ends and names its line."""

import pytest

from proofread.fault import FaultError
from proofread.judge.bind import Seen
from proofread.show.place import fill_place, framed, place

SNIPPET = {"snippets/x.py": "print(1)\n#> 1\n"}
BLOCK = '<div id="x" class="language-python highlight"><pre>1</pre></div>'


@pytest.fixture
def include(build):
    """Return (an include, what is seen of its page)."""
    project = build(SNIPPET)
    report = project.check()
    page = report.pages["docs/index.md"]
    return page.pieces[0], Seen(page, report)


def test_a_place_is_filled_with_the_paragraph_around_it(include):
    """A place that Markdown put into a paragraph of its own takes that with it."""
    piece, seen = include
    here = place(piece.anchor)
    assert fill_place(f"a<p>{here}</p>b", piece, "F", seen) == "aFb"
    assert fill_place(f"<p>a {here} b</p>", piece, "F", seen) == "<p>a F b</p>"


@pytest.mark.parametrize("times", [0, 2])
def test_a_lost_piece_is_named(include, times):
    """None, or two, cannot be framed without framing something else."""
    piece, seen = include
    with pytest.raises(FaultError, match=r"docs/index\.md:1: 'x' is no block of its own"):
        framed(BLOCK * times, piece, "python", str.upper, seen)
    with pytest.raises(FaultError, match=r"docs/index\.md:1: 'x' is no block of its own"):
        fill_place(place("x") * times, piece, "F", seen)


MEASURED = {
    "measured/cost/page.py": (
        "PIECES = {'ratio': lambda seen, *words: ' '.join(words) or seen.page.path}\n"
    ),
    **SNIPPET,
}


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("{{ measured cost:ratio }}", ""),
        ("{{ measured cost:ratio 2 x }}", ""),
        ("{{ measured cost:other }}", "cost has no part 'other' (has: ratio)"),
        ("{{ measured cast:ratio }}", "there is no measured/cast/page.py"),
        ("{{ measured }}", "there is no measured/ROOM/page.py"),
        ("{{ theme x.html }}", "there is no theme/x.html"),
        ("{{ mesured cost:ratio }}", "write {{ folder/file.py:name }}, not {{ mesured cost:ra"),
    ],
)
def test_a_part_of_a_measurement_is_checked_and_expanded(build, tmp_path, written, said):
    """What is misspelled is named with its line; what is there stands in the expanded page."""
    page = f'```python\n--8<-- "x.py"\n```\n\nIt is {written}.\n\n{written}\n'
    project = build({**MEASURED, "docs/index.md": page})
    report = project.check()
    if said:
        assert [fault.place.line for fault in report.faults] == [5, 7]
        assert all(said in fault.message for fault in report.faults)
        return
    assert report.faults == []
    project.expand(tmp_path / "out", report)
    text = (tmp_path / "out/index.md").read_text()
    value = "2 x" if "2 x" in written else "docs/index.md"
    assert text.endswith(f"It is {value}.\n\n{value}\n")
