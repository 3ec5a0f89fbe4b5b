"""Any text is either read, and can be written again, or fails with its file and line."""

import re
import time
from html import escape

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from proofread.fault import FaultError
from proofread.judge.bind import Seen
from proofread.judge.compare import compare, restate
from proofread.judge.messages import unexplained
from proofread.judge.witness import Placed, witness
from proofread.project import Project
from proofread.read.page import fence, parse_page
from proofread.read.snippet import lines_of, parse
from proofread.run.job import Outcome
from proofread.show.kinds import KINDS, Bound, Figure, Graph, Include, Made, fill

EXAMPLES = settings(max_examples=400, deadline=None, derandomize=True, database=None)
#: What the grammar of snippets is made of, whole and broken.
CODE = st.sampled_from(
    [
        *("a = 1", "print(a)", "print(a); a = 2", "if a:\n    print(a)", "def f():\n    return 1"),
        *("#> 1", "#>", "#>1", "  #> 1", "#! ValueError: no", "#!   more", "#!", "#! 1", "#!/bin"),
        *("# wrong: a is 1, the answer is 2", "# right: x.py", "# timeout: 1", "# timeout: -"),
        *(
            "# requires: cuda",
            "# recorded: there, torch 2.13.0, 2026-11-01",
            "# wrong:",
            "# --8<-- [start:a]",
        ),
        *("# --8<-- [end:a]", "# --8<-- [start:]", "# --8<--", "# %%", "# %% [markdown]"),
        *('text = """', '"""', "'''", "(", ")", "\\", "\t", "\x0c", "\r", "\u2028", "\ufeff", ""),
        *("\x00", "@", "raise ValueError", "import y", "from . import x", "return", "await a"),
    ]
)
#: What the grammar of pages is made of, whole and broken.
PROSE = st.sampled_from(
    [
        *(
            "```python",
            "```",
            "~~~py",
            "~~~",
            "````",
            "``` { .python }",
            "    ```python",
            "> ```py",
        ),
        *("```graph x.py:a", "```graph x.py:a,b saved", "```graph x.py", "```graph", "a = 1: A()"),
        *('--8<-- "x.py"', '--8<-- "x.py:part"', '--8<-- "../x.py"', "--8<--", '--8<-- "x.py:"'),
        *("It is {{ x.py:a }}.", "{{ x.py:a:.2f }}", "{{ x.py:b:d }}", "{{ x.py }}", "{{", "}}"),
        *("{{ x.py:none:.2f }}", "{{ x.py:many:>9 }}", "{{ x.py:error }}", "{{ x.py:a:{} }}"),
        *("![It falls](x.py:curve)", "![](x.py:curve)", "![{{ x.py:a }}](x.py:a)", "![", "]("),
        *("{{ pages one }}", "{{ messages }}", "{{ recipes }}", "{{ pages }}", "0.5", "$$", "`"),
        *("---", "title: A page", "group: one", "errors: 1", "errors: [{snippet: x.py}]", "- a"),
        *(
            "recipe: 1",
            "date: 2026-13-01",
            "a: &a [*a]",
            "? [1]",
            "symptom: {{ x.py:a }}",
            "fix: b",
        ),
        *("<!-- constant: why -->", "<!--", "\t", "\x0c", "\r", "\u2028", "\ufeff", "", "# Title"),
    ]
)


def texts(parts):
    """Texts of such parts and of anything else, on lines of their own or not."""
    anything = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
    joint = st.sampled_from(["\n", "\n", "\n", "\n\n", "\r\n", " ", ""])
    pieces = st.lists(st.tuples(st.one_of(parts, parts, parts, anything), joint), max_size=14)
    return pieces.map(lambda pieces: as_read("".join(map("".join, pieces))))


def as_read(text):
    """A text as it comes from a file: its lines end as Python's do."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def one_line(fault, text):
    """Tell whether a fault is one line, of a line that the text has."""
    return "\n" not in fault.message and 1 <= fault.place.line <= text.count("\n") + 1


@EXAMPLES
@given(texts(CODE))
def test_any_snippet_is_read_or_has_a_fault(text):
    """Each line is one of code, of what is stated, or of markers, or a line is at fault."""
    try:
        snippet = parse("x.py", "snippets/x.py", text)
    except FaultError as error:
        assert one_line(error.fault, text)
        return
    lines = lines_of(text)
    assert "\n".join(lines) == text.removesuffix("\n")
    for statement in snippet.statements:
        assert 1 <= statement.start <= statement.end <= len(lines)
        stated = [lines[number - 1] for number in statement.lines]
        assert all(line.startswith(("#>", "#!")) for line in stated)
        assert len(stated) == len(statement.output) + len(statement.alert_lines)
    for first, last in snippet.sections.values():
        assert "--8<--" in lines[first - 2] and "--8<--" in lines[last]


@EXAMPLES
@given(texts(CODE))
def test_any_snippet_survives_what_happened(text):
    """When all that it states happened, rewriting changes nothing; when nothing did, only that."""
    try:
        snippet = parse("x.py", "snippets/x.py", text)
    except FaultError:
        return
    said = [(i, a) for i, s in enumerate(snippet.statements) for a in s.alerts if a.is_warning]
    raised, last = snippet.raises, len(snippet.statements) - 1
    outcome = Outcome(
        "done",
        outputs=["".join(f"{line}\n" for line in s.output) for s in snippet.statements],
        warnings=[[index, alert.kind, alert.message] for index, alert in said],
        error=raised
        and {"statement": last, "kind": raised.kind, "message": raised.message, "line": 1},
    )
    silent = Outcome("done", outputs=[""] * len(snippet.statements))
    assert all(one_line(fault, text) for fault in compare(snippet, outcome))
    for happened in (outcome, silent):
        again = restate(snippet, happened)
        known = parse("x.py", "snippets/x.py", again)
        assert code_of(again) == code_of(text)
        assert restate(known, happened) == again


def code_of(text):
    """The lines that state nothing, as far as a reader sees them."""
    lines = [line.rstrip() for line in lines_of(text)]
    return [line for line in lines if not line.startswith(("#>", "#!"))]


@EXAMPLES
@given(texts(PROSE))
def test_any_page_is_read_or_has_a_fault(text):
    """A page without a fault is its pieces, in order: written out and read again, it is itself."""
    page = parse_page("docs/x.md", text, KINDS)
    assert all(one_line(fault, text) for fault in page.faults)
    if page.faults:
        return
    written = "".join(p if isinstance(p, str) else WRITTEN[type(p)](p) for p in page.pieces)
    again = parse_page("docs/x.md", written, KINDS)
    assert [undated(piece) for piece in again.pieces] == [undated(p) for p in page.pieces]
    if all(isinstance(piece, str) for piece in page.pieces):
        assert written == text


WRITTEN = {
    Include: lambda p: fence(
        p.indent, "python", f'--8<-- "{p.name}{f":{p.section}" * bool(p.section)}"'
    ),
    Bound: lambda p: f"{{{{ {p.name}:{p.value}{f':{p.form}' * bool(p.form)} }}}}",
    Figure: lambda p: f"{p.indent}![{alternative(p)}]({p.name}:{p.value})",
    Graph: lambda p: fence(
        p.indent,
        f"graph {p.name}:{','.join(p.roots)}{' saved' * p.saved}",
        "\n".join([p.caption, *["", *p.outline] * bool(p.outline)]),
    ),
    Made: lambda p: f"{p.indent}{{{{ {' '.join((p.word, *p.rest))} }}}}",
}


def alternative(figure):
    return "".join(p if isinstance(p, str) else WRITTEN[Bound](p) for p in figure.alternative)


def undated(piece):
    """A piece without its line: an include takes three lines when it is written again."""
    moved = {"line": 0, "first": 0, "alternative": ()}
    return piece if isinstance(piece, str) else {**vars(piece), **moved}


@pytest.fixture(scope="module")
def report(tmp_path_factory, runner):
    """The verdict on a project with a value of each kind, a section and a figure."""
    folder = tmp_path_factory.mktemp("hostile")
    texts = {
        "snippets/x.py": (
            "import matplotlib.pyplot as plt\n\n# --8<-- [start:part]\n"
            "a, b, none, many = 0.5, 2, None, [1, 2]\n# --8<-- [end:part]\n"
            "curve, axes = plt.subplots()\nraise ValueError('no')\n#! ValueError: no\n"
        ),
        "docs/index.md": '```python\n--8<-- "x.py"\n```\n',
    }
    for name, text in texts.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    project = Project(folder)
    project.verifier.runner = runner
    return project, project.check()


@EXAMPLES
@given(texts(PROSE))
def test_any_page_is_expanded_or_has_a_fault(report, text):
    """A page without a fault can be written for another generator, with nothing left to fill in."""
    project, known = report
    page = parse_page("docs/x.md", text, KINDS)
    known.pages["docs/x.md"] = page
    faults = project.page_faults(page, known)
    assert all(one_line(fault, text) for fault in faults)
    if not faults:
        prose = re.sub(
            r"^---\n.*?^---$",
            "",
            fill(page.pieces, Seen(page, known)),
            flags=re.DOTALL | re.MULTILINE,
        )
        assert "--8<--" not in re.sub(r"(?ms)^( *[`~]{3,}).*?^\1", "", prose)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.dates() | PROSE,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(PROSE | st.integers(), inner),
    max_leaves=5,
)
ENTRIES = st.fixed_dictionaries(
    {"snippet": st.just("x.py") | VALUES},
    optional=dict.fromkeys(("means", "fix", "says", "older"), PROSE | VALUES),
)
META = st.fixed_dictionaries(
    {},
    optional={
        "title": st.just("A page") | VALUES,
        "group": st.just("one") | VALUES,
        "errors": st.lists(ENTRIES | VALUES, max_size=2) | VALUES,
        "recipe": st.dictionaries(st.sampled_from(["gives", "twice", "forget"]), PROSE) | VALUES,
        **dict.fromkeys(("symptom", "fix"), PROSE | VALUES),
    },
)


@EXAMPLES
@given(META)
def test_any_front_matter_makes_lists_or_has_a_fault(report, meta):
    """Lists made of front matter name what is wrong with it."""
    project, known = report
    lists = "{{ pages one }}\n{{ messages }}\n{{ recipes }}\n"
    text = f"---\n{yaml.safe_dump(meta)}---\n\n{lists}"
    page = parse_page("docs/x.md", text, KINDS)
    known.pages["docs/x.md"] = page
    faults = [*project.page_faults(page, known), *unexplained(known)]
    assert all(one_line(fault, text) for fault in faults if fault.place.path == page.path)
    if not faults:
        fill(page.pieces, Seen(page, known))


LONG = [
    "`",
    "```",
    "``a ",
    "$",
    "$a ",
    "\\(",
    "\\[",
    "[",
    "](a ",
    "<",
    '<a b="',
    "<!--",
    "<script>",
]
LONG += ["{{", "{", " ", ">", "1,111", "1.", "PyTorch 1.1, ", "http://", "a, ", "# ", '"', "a = "]


@pytest.mark.parametrize("part", LONG)
def test_a_long_line_is_read_as_fast_as_many_short_ones(part):
    """The time is that of its length, not of its square, which would be a minute."""
    line, started = part * (50_000 // len(part)), time.process_time()
    parse_page("docs/index.md", f"---\nfix: |\n  {line}\n---\n\nA word {line} word\n", KINDS)
    parse_page("docs/index.md", f"```text\n{line}\n```\n", KINDS)
    box = f'<div class="language-text highlight"><pre>{escape(line)}</pre></div>'
    witness(f"<body>{box}<p>{escape(line)}</p></body>", Placed("docs/index.md"))
    assert time.process_time() - started < 3
