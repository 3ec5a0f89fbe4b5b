"""What a reader sees around a snippet, and what of it is drawn as asserted."""

import re

import markdown
import pytest

from proofread.judge.bind import Seen
from proofread.show import render
from proofread.show.frame import Frame
from proofread.show.kinds import Include

MARKDOWN = ["pymdownx.highlight", "pymdownx.superfences"]
HOW = {"pymdownx.highlight": {"pygments_lang_class": True}}


@pytest.fixture
def frames(build):
    """Return a function that makes the page of some files, and returns its frames in order."""

    def frames(files):
        report = build(files).check()
        assert [str(fault) for fault in report.faults if fault.place.path != "docs/x.md"] == []
        seen = Seen(report.pages["docs/index.md"], report, link=lambda path: f"/{path}")
        made = markdown.Markdown(extensions=MARKDOWN, extension_configs=HOW)
        html = made.convert(render.markdown(seen))
        for piece in seen.page.of(Include):
            html = piece.html(html, seen)
        return re.findall(r'<figure class="snippet.*?</figure>', html, re.DOTALL)

    return frames


def page(*includes):
    """A page that includes these."""
    return "\n".join(f'```python\n--8<-- "{include}"\n```\n' for include in includes)


def words(html):
    """The text of some HTML."""
    return re.sub(r"<[^>]*>", "", html)


MARKED = """\
a = 2


def f(x):
    # --8<-- [mark]
    return x * (
        x
    )


# --8<-- [mark]
for k in range(2):
    a = f(a)
"""


def test_a_mark_highlights_the_statement_below(frames):
    """All of its lines, or the first of a block, counted in what is shown; no mark is left."""
    (frame,) = frames({"snippets/x.py": MARKED})
    lit = re.findall(r'<span class="hll">(.*?\n)</span>', frame)
    assert [words(line) for line in lit] == [
        "    return x * (\n",
        "        x\n",
        "    )\n",
        "for k in range(2):\n",
    ]
    assert "--8<--" not in frame


def test_a_mark_in_a_section_and_behind_empty_lines(frames):
    """Lines are counted from the first that is shown."""
    text = "# --8<-- [start:a]\n\n\na = 2\n# --8<-- [mark]\nb = 3\n# --8<-- [end:a]\n"
    (frame,) = frames({"snippets/x.py": text, "docs/index.md": page("x.py:a")})
    assert words("".join(re.findall(r'class="hll">(.*?\n)', frame))) == "b = 3\n"
    assert "[mark]" not in frame


def test_only_what_was_compared_is_drawn_so(frames):
    """A highlighter may take the end of a text for a comment; it is no line that was compared."""
    text = 'a = """\n#> 5.0\n"""\nprint(len(a))\n#> 8\nb = "\\\n#> 7.0"\n'
    (frame,) = frames({"snippets/x.py": text})
    assert re.findall(r'<span class="c1 says">(.*?)</span>', frame) == ["#&gt; 8"]


def test_lines_are_found_behind_what_ends_no_line(frames):
    """A form feed or a separator of lines is within a line, as for Python."""
    text = 'a = "\u2028"\n\x0c\nprint(len(a))\n#> 1\nb = "\x1d"\nprint(len(b))\n#> 1\n'
    (frame,) = frames({"snippets/x.py": text})
    assert re.findall(r'<span class="c1 says">(.*?)</span>', frame) == ["#&gt; 1"] * 2


def test_no_other_comment_is_drawn_so(build):
    """Whatever the highlighter takes for a comment, what was compared is known by its line."""
    report = build({"snippets/x.py": "a = 1\nprint(a)\n#> 1\n"}).check()
    seen = Seen(report.pages["docs/index.md"], report, link=lambda path: f"/{path}")
    (piece,) = seen.page.of(Include)
    code = '<span class="c1">#&gt; 5</span>\nprint(a)\n<span class="c1">#&gt; 1</span>\n'
    frame = Frame(piece, seen).around(f"<div><pre><code>{code}</code></pre></div>")
    assert re.findall(r'<span class="c1 says">(.*?)</span>', frame) == ["#&gt; 1"]


SECTIONS = """\
import torch

# --8<-- [start:first]
x = torch.tensor(1.0)
# --8<-- [end:first]
# Nothing but a comment.

x = 2.5 * x
# --8<-- [start:second]
print(x * 2)
#> tensor(5.)
# --8<-- [end:second]
x = 9.0
"""


def hidden(frame):
    """What a frame says of lines that are not shown."""
    return re.findall(r">([^<>]* not shown[^<>]*)</a>", frame)


def test_hidden_lines_are_told(frames):
    """Each frame says how many lines ran unseen; the last one, those below it as well."""
    files = {"snippets/x.py": SECTIONS, "docs/index.md": page("x.py:first", "x.py:second")}
    first, second = frames(files)
    assert hidden(first) == ["1 line not shown so far"]
    assert hidden(second) == ["3 lines not shown so far"]


def test_sections_in_reverse_order(frames):
    """What runs before and is shown below is not shown so far."""
    files = {"snippets/x.py": SECTIONS, "docs/index.md": page("x.py:second", "x.py:first")}
    assert [hidden(frame) for frame in frames(files)] == [
        ["3 lines not shown so far"],
        ["3 lines not shown so far"],
    ]


def test_a_whole_file_hides_nothing(frames):
    """Nor does a section below it."""
    files = {"snippets/x.py": SECTIONS, "docs/index.md": page("x.py", "x.py:first", "x.py:second")}
    assert [hidden(frame) for frame in frames(files)] == [[], [], []]


RECORD = "# recorded: an H100, torch 99.0.0, 2026-11-01\n"
RIGHT = "a = 4.0\nprint(a)\n#> 4.0\n"
WRONG = "# wrong: a is 3.0, the truth is {}\n# right: right.py\n{}a = 3.0\n"


def test_a_right_twin_says_what_it_gave(frames):
    """Its own run did, with the decimals that the other one states."""
    wrong = WRONG.format("4.00", "")
    right, _ = frames({"snippets/right.py": RIGHT, "snippets/wrong.py": wrong})
    assert words(right).startswith("Right a is 4.00.")


def test_a_right_twin_that_did_not_run_says_nothing(frames):
    """What is only recorded is not called right."""
    needs = f"# requires: torch>=99\n{RECORD}"
    wrong = WRONG.format("4.0", needs)
    right, _ = frames({"snippets/right.py": needs + RIGHT, "snippets/wrong.py": wrong})
    assert "Right" not in words(right)
    assert "not run in this build" in right
