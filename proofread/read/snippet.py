"""A snippet file -> its statements, expectations, sections and header. Pure parsing.

The format is plain Python plus comments that start a line::

    # wrong: dd_da is 2.0, the derivative is 10.0   header, before any code
    # right: learn/toy_example/right.py
    # --8<-- [start:name]  ...  # --8<-- [end:name]  a section that a page can include
    # --8<-- [mark]                                  the statement below it matters most
    #> c: 2.0                                        what the statement above prints
    #! RuntimeError: message ...                     what it raises, or warns of
"""

import ast
import hashlib
import io
import re
import tokenize
import warnings
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from proofread.fault import INVISIBLE, FaultError
from proofread.read import claims, prose

HEADER = re.compile(r"# (wrong|right|uses|requires|recorded|timeout): *(.*)")
#: Key of the header -> the key that it goes with, and what an author is told who forgot it.
NEEDED = {
    "wrong": ("right", "a wrong snippet names the right one: add '# right: folder/file.py'"),
    "requires": (
        "recorded",
        "say where its output was recorded: add '# recorded: DEVICE, torch X.Y.Z, YYYY-MM-DD'",
    ),
    "recorded": ("requires", "it runs here: only what has '# requires:' is recorded elsewhere"),
}
#: Begins a cell of a notebook, as in Jupytext and editors.
CELL = re.compile(r"# %%(?P<markdown> \[markdown\])?.*$")
MARKER = re.compile(r"\s*# --8<-- \[(?:(?P<edge>start|end):(?P<name>[^\]]*)|mark)\]\s*$")
#: What a page would draw as stated.
CLAIM = ("#>", "#!")
SECTION_NAME = re.compile(r"[a-z][-_0-9a-z]*$")
WRONG = re.compile(r"(?P<name>\w+) is (?P<value>.+), (?P<what>the .+) is (?P<truth>.+)")
RECORDED = re.compile(r"\S.*, torch \d+\.\d+\.\d\S*, (?P<date>\d{4}-\d\d-\d\d)", re.ASCII)
ALERT = re.compile(r"(?P<kind>[A-Za-z_][\w.]*)(?:: ?(?P<message>.*))?$", re.DOTALL)
#: Without one of these no string goes over more than one line, and no claim follows code.
TOKENIZED = re.compile(r"""\"{3}|'{3}|\\\n|^[ \t]*[^#\s].*(\#[>!]|--8<)""", re.MULTILINE)


@dataclass(frozen=True)
class Alert:
    """A stated exception or warning, ``#! Kind: message``."""

    kind: str
    #: Whitespace runs are single spaces; ``...`` stands for any text.
    message: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.message}" if self.message else self.kind

    @property
    def is_warning(self) -> bool:
        """Tell whether it is a warning, by the name of its kind."""
        return self.kind.rpartition(".")[2].endswith("Warning")

    def matches(self, kind: str, message: str) -> bool:
        """Tell whether an exception or warning of this kind and message was stated."""
        pattern = ".*".join(re.escape(part) for part in self.message.split("..."))
        return self.kind == kind and re.fullmatch(pattern, squeeze(message)) is not None


@dataclass(frozen=True)
class Statement:
    """A top-level statement and what the file says it does. Lines are 1-based, inclusive."""

    start: int
    end: int
    #: Lines that the statement prints, without ``#> ``.
    output: tuple[str, ...] = ()
    alerts: tuple[Alert, ...] = ()
    #: The lines, as written, that state these alerts.
    alert_lines: tuple[str, ...] = ()
    #: The numbers of all lines that hold expectations.
    lines: tuple[int, ...] = ()

    @property
    def last(self) -> int:
        """The last line of it, or of what is stated of it."""
        return max((self.end, *self.lines))


@dataclass(frozen=True)
class Wrong:
    """``# wrong: name is value, the ... is truth``: an answer that is wrong on purpose."""

    name: str
    value: str
    what: str
    truth: str
    line: int

    def __str__(self) -> str:
        return f"{self.name} is {self.value}, {self.what} is {self.truth}"


@dataclass(frozen=True)
class Snippet:
    """A parsed snippet file."""

    #: Relative to the snippets folder, with forward slashes.
    name: str
    #: As an author types it, relative to the project: ``snippets/learn/x.py``.
    path: str
    #: Where it is, from anywhere.
    file: Path
    text: str
    statements: tuple[Statement, ...]
    #: Section name -> (first, last) line between its markers.
    sections: dict[str, tuple[int, int]] = field(default_factory=dict)
    #: The lines that matter most.
    marks: frozenset[int] = frozenset()
    wrong: Wrong | None = None
    right: str | None = None
    #: The snippets that it imports, by name.
    uses: tuple[str, ...] = ()
    #: What they are called where it runs -> their text.
    beside: dict[str, str] = field(default_factory=dict)
    requires: tuple[str, ...] = ()
    recorded: str | None = None
    #: In seconds; None for the usual.
    timeout: float | None = None
    #: (line, module) of each import, by the module's first name.
    imports: tuple[tuple[int, str], ...] = ()
    #: Header key -> its line.
    where: dict[str, int] = field(default_factory=dict)

    @property
    def root(self) -> Path:
        """The folder that ``path`` starts from."""
        return self.file.absolute().parents[len(Path(self.path).parts) - 1]

    @cached_property
    def raises(self) -> Alert | None:
        """The exception that the last statement must raise, or None."""
        alerts = self.statements[-1].alerts if self.statements else ()
        return next((alert for alert in alerts if not alert.is_warning), None)

    @cached_property
    def asserted(self) -> int:
        """How many lines of the file are compared with what happened."""
        return sum(len(s.lines) for s in self.statements) + (self.wrong is not None)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the file's text, and of what it uses, in hexadecimal."""
        return hashlib.sha256("\0".join((self.text, *self.beside.values())).encode()).hexdigest()

    def compile(self) -> None:
        """Find what only the compiler sees, such as a stray ``return``. Raises FaultError."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", SyntaxWarning)
                compile(self.text, self.path, "exec", dont_inherit=True)
        except SyntaxError as error:
            raise _syntax_error(self.path, error) from None

    def span(self, section: str | None = None) -> tuple[int, int]:
        """Return the first and last line of a section, or of all code after the header.

        Raises KeyError for an unknown section.
        """
        if section:
            return self.sections[section]
        return len(self.where) + 1, len(lines_of(self.text))

    def whole(self) -> str:
        """Return the file as a reader downloads it: without markers."""
        return self.code(1, len(lines_of(self.text)))

    def code(self, first: int, last: int) -> str:
        """Return these lines as a reader sees them: without markers."""
        return "\n".join(line for _, line in self._shown(first, last)) + "\n"

    def marked(self, first: int, last: int) -> list[int]:
        """Return which of the lines that ``code`` gives matter most, counted from 1."""
        return self._places(self.marks, first, last)

    def stated(self, first: int, last: int) -> list[int]:
        """Return which of the lines that ``code`` gives are compared, counted from 1."""
        lines = {line for statement in self.statements for line in statement.lines}
        return self._places(lines, first, last)

    def working(self, first: int, last: int) -> set[int]:
        """Return those of these lines that do something: no comments, no empty ones."""
        lines = enumerate(lines_of(self.text)[first - 1 : last], first)
        return {number for number, line in lines if line.strip() and line.lstrip()[0] != "#"}

    def _places(self, wanted, first, last):
        shown = enumerate(self._shown(first, last), 1)
        return [place for place, (number, _) in shown if number in wanted]

    def _shown(self, first, last):
        """List (number, line) without markers, and without empty lines at both ends."""
        lines = enumerate(lines_of(self.text)[first - 1 : last], first)
        kept = [(number, line) for number, line in lines if not MARKER.match(line)]
        full = [at for at, (_, line) in enumerate(kept) if line]
        return kept[full[0] : full[-1] + 1] if full else []


def _syntax_error(path, error):
    line = getattr(error, "lineno", None) or 1
    return FaultError(path, line, f"syntax error: {getattr(error, 'msg', error)}")


def squeeze(text: str) -> str:
    """Collapse each run of whitespace to one space."""
    return " ".join(text.split())


def lines_of(text: str) -> list[str]:
    """Split a text as Python does: a form feed or a Unicode separator ends no line."""
    return text.removesuffix("\n").split("\n")


def is_notebook(snippet: Snippet) -> bool:
    """Tell whether a snippet is written in cells."""
    return any(CELL.match(line) for line in lines_of(snippet.text))


def parse(name: str, path: str, text: str, file: Path | None = None) -> Snippet:
    """Parse a snippet. Raises FaultError with the line at fault."""
    lines, tree = lines_of(text), _tree(path, text)
    for number, line in enumerate(lines, 1):
        for found in INVISIBLE.findall(line):
            if not found.isspace():
                raise FaultError(path, number, f"holds {found!a}, which nobody can see")
    comments = _comments(text)
    found = _header(path, lines, comments)
    statements = _statements(path, tree, comments)
    _check_cells(path, lines, statements)
    known = {line for statement in statements for line in statement.lines}
    claims.check(path, text, tree, known | _written(lines, found))
    return Snippet(
        name=name,
        path=path,
        file=Path(file or path),
        text=text,
        statements=statements,
        sections=_sections(path, lines, comments, statements),
        marks=frozenset(_marks(path, lines, comments, tree)),
        imports=tuple(sorted(_imports(tree))),
        where={key: line for key, (line, _) in found.items()},
        **_read_header(path, found),
    )


def _tree(path, text):
    try:
        with warnings.catch_warnings():
            # The run reports it, in its place.
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except (SyntaxError, ValueError) as error:
        raise _syntax_error(path, error) from None
    except (RecursionError, MemoryError):
        raise FaultError(path, 1, "nested too deeply for Python to read") from None


def _imports(tree):
    for node in claims.statements(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name.partition(".")[0]) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.lineno, node.module.partition(".")[0]


def _comments(text):
    """List (line, column, text) of each comment that stands alone on its line, or is a claim."""
    if TOKENIZED.search(text):
        return _tokenized_comments(text)
    # Tokenizing is slow, and here a line that starts like a comment is one.
    stripped = [(number, line, line.lstrip()) for number, line in enumerate(lines_of(text), 1)]
    return [
        (number, len(line) - len(comment), comment)
        for number, line, comment in stripped
        if comment.startswith("#")
    ]


def _tokenized_comments(text):
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return [
        (*token.start, token.string)
        for token in tokens
        if token.type == tokenize.COMMENT
        and (token.string.startswith(CLAIM) or "--8<" in token.string or _alone(token))
    ]


def _alone(token):
    return not token.line[: token.start[1]].strip()


def _header(path, lines, comments):
    """Return {key: (line, text)} of the lines at the top of the file."""
    found = {}
    for number, line in enumerate(lines, 1):
        match = HEADER.match(line)
        if not match:
            break
        key, value = match.groups()
        if key in found:
            raise FaultError(path, number, f"a second '# {key}:' in the header; keep one")
        found[key] = (number, value.strip())
    for number, column, text in comments:
        if number > len(found) and not column and HEADER.match(text):
            raise FaultError(path, number, "the header stands above everything else")
    return found


def _read_header(path, found):
    """Return what the lines at the top say, as a Snippet has it. Raises FaultError."""
    header: dict[str, Any] = {key: text for key, (_, text) in found.items()}
    for key, (line, text) in found.items():
        if key == "wrong":
            if not (match := WRONG.fullmatch(text)):
                message = "write '# wrong: NAME is VALUE, the DERIVATIVE is TRUTH'"
                raise FaultError(path, line, message)
            header[key] = Wrong(line=line, **match.groupdict())
        elif key in ("requires", "uses"):
            header[key] = tuple(part.strip() for part in text.split(","))
        elif key == "timeout":
            if not re.fullmatch(r"\d*\.?\d+", text) or not float(text):
                raise FaultError(path, line, f"a number of seconds, not {text!r}")
            header[key] = float(text)
        elif key == "recorded" and not _is_record(text):
            raise FaultError(path, line, "write '# recorded: DEVICE, torch X.Y.Z, YYYY-MM-DD'")
        needed, advice = NEEDED.get(key, (key, ""))
        if needed not in found:
            raise FaultError(path, line, advice)
    return header


def _is_record(text):
    """Tell whether a text names a device, a version of torch, and a day that there is."""
    match = RECORDED.fullmatch(text)
    try:
        return match is not None and bool(date.fromisoformat(match["date"]))
    except ValueError:
        return False


def _written(lines, header):
    """Return the numbers of the lines for the engine, and of those in cells of text."""
    numbers, text = {line for line, _ in header.values()}, False
    for number, line in enumerate(lines, 1):
        if cell := CELL.match(line):
            text = bool(cell["markdown"])
        if text or cell or MARKER.match(line):
            numbers.add(number)
    return numbers


def _check_cells(path, lines, statements):
    """Find what a notebook would hold otherwise than it runs. Raises FaultError."""
    matched = [(at, CELL.match(line)) for at, line in enumerate(lines, 1)]
    #: The line where a cell begins -> whether it is one of text.
    cells = {at: bool(match["markdown"]) for at, match in matched if match}
    for statement in statements if cells else ():
        above = [text for at, text in cells.items() if at <= statement.start]
        if not above or above[-1]:
            message = "code stands in a cell of code: put '# %%' above"
            raise FaultError(path, statement.start, message)
        for line in cells:
            if statement.start < line <= statement.last:
                message = "a cell holds whole top-level statements, and what they state"
                raise FaultError(path, line, message)
    text, words = False, []
    for number, line in enumerate(lines, 1):
        text = cells.get(number, text)
        if text and any(mark in line for mark in CLAIM):
            raise FaultError(path, number, f"nothing in a cell of text is compared: no {line!r}")
        words.append(re.sub("^# ?", "", line) if text and number not in cells else "")
    for number, message in prose.findings("\n".join(words)):
        raise FaultError(path, number, message)


def _sections(path, lines, comments, statements):
    sections, opened = {}, {}
    for line, edge, name in _markers(path, lines, comments):
        if not edge:
            continue
        for statement in statements:
            if statement.start < line <= statement.last:
                message = "a section holds whole top-level statements, and what they state"
                raise FaultError(path, line, message)
        if not SECTION_NAME.match(name):
            message = f"section name {name!r}: use lower-case letters, digits, '-' and '_'"
            raise FaultError(path, line, message)
        if edge == "start":
            if name in opened or name in sections:
                raise FaultError(path, line, f"section '{name}' starts twice")
            opened[name] = line
        elif name not in opened:
            raise FaultError(path, line, f"section '{name}' ends but never started")
        else:
            sections[name] = (opened.pop(name) + 1, line - 1)
    for name, line in opened.items():
        raise FaultError(path, line, f"section '{name}' is never closed")
    return sections


def _markers(path, lines, comments):
    """List (line, edge, name) of each marker. Raises FaultError for what only looks like one."""
    known = {line for line, *_ in comments if MARKER.match(lines[line - 1])}
    for line, _, text in comments:
        if re.match(r"#\s*-+8<", text) and line not in known:
            message = "write '# --8<-- [start:name]', '[end:name]' or '[mark]'"
            raise FaultError(path, line, message)
    matched = [(number, MARKER.match(line)) for number, line in enumerate(lines, 1)]
    found = [(number, match["edge"], match["name"]) for number, match in matched if match]
    for number, *_ in found:
        if number not in known:
            raise FaultError(path, number, "a marker in a string would not be shown")
    return found


def _marks(path, lines, comments, tree):
    """Yield the lines of the statements that a marker stands above; of a block, the first."""
    for line, edge, _ in _markers(path, lines, comments):
        if edge:
            continue
        statements = [*claims.statements(tree)]
        node = next((node for node in statements if _first_line(node) == line + 1), None)
        if node is None:
            raise FaultError(path, line, "a mark stands on the line above a statement")
        inner = [n.lineno for n in claims.statements(node)]
        end = min(inner) - 1 if inner else node.end_lineno or line
        yield from range(line + 1, max(end, line + 1) + 1)


def _statements(path, tree, comments):
    spans = [(_first_line(node), node.end_lineno) for node in tree.body]
    owned = [[] for _ in spans]
    for line, column, text in comments:
        if not text.startswith(CLAIM):
            continue
        if column or any(start <= line <= end for start, end in spans):
            message = "an expectation starts its line: put it after the whole block"
            raise FaultError(path, line, message)
        before = [index for index, (_, end) in enumerate(spans) if end < line]
        if not before:
            raise FaultError(path, line, "an expectation follows the statement that it is about")
        owned[before[-1]].append((line, text))
    statements = tuple(_statement(path, *pair) for pair in zip(spans, owned, strict=True))
    for statement in statements[:-1]:
        if any(not alert.is_warning for alert in statement.alerts):
            message = "only the last statement can raise: nothing after it would run"
            raise FaultError(path, statement.lines[0], message)
    return statements


def _first_line(node):
    decorators = getattr(node, "decorator_list", [])
    return min([node.lineno, *(d.lineno for d in decorators)])


def _statement(path, span, marks):
    output, alerts = [], []
    for line, text in marks:
        if text.startswith("#>"):
            output.append(text[3:] if text.startswith("#> ") else text[2:])
        elif text.startswith("#!   ") and alerts:
            alerts[-1] = (alerts[-1][0], f"{alerts[-1][1]} {text[2:]}")
        else:
            alerts.append((line, text[2:]))
    return Statement(
        start=span[0],
        end=span[1],
        output=tuple(output),
        alerts=tuple(_alert(path, line, text) for line, text in alerts),
        alert_lines=tuple(text for _, text in marks if text.startswith("#!")),
        lines=tuple(line for line, _ in marks),
    )


def _alert(path, line, text):
    match = ALERT.match(squeeze(text))
    if not match:
        raise FaultError(path, line, "write '#! RuntimeError: message'")
    if "..." in text and not re.search(r"\w", match["message"] or ""):
        raise FaultError(path, line, "'...' alone is any message: write a part of it")
    return Alert(match["kind"], match["message"] or "")
