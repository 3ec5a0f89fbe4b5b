"""A page's Markdown -> prose, includes of code, values, figures, lists of other pages.

A Python fence holds one include line, ``--8<-- "folder/file.py"`` or ``"file.py:section"``;
``{{ folder/file.py:name }}`` or ``{{ folder/file.py:name:.3f }}`` in prose is a snippet's value;
``![What it shows](folder/file.py:name)`` on a line of its own is a figure that a snippet made;
``{{ pages NAME }}``, ``{{ messages }}`` or ``{{ recipes }}`` on a line of its own is a list made
of front matter; and a fence ``graph folder/file.py:name`` is the autograd graph of a variable, with
what it shows and, below an empty line, the lines that it is asserted to have.
"""

import io
import re
from collections import Counter
from dataclasses import dataclass, field

import yaml

from proofread.fault import Fault, Place, read_text

FENCE = re.compile(r"(?P<indent> *)(?P<quote>(?:> *)*)(?P<mark>`{3,}|~{3,})(?P<info>[^`]*)$")
PYTHON = {"python", "py", "python3", "py3", "pycon", "ipython"}
INCLUDE = re.compile(r'\s*--8<-- "(?P<name>[^":]+\.py)(?::(?P<section>[^"]+))?"\s*$')
BRACES = re.compile(r"\{\{(.*?)\}\}")
BOUND = re.compile(r"(?P<name>[^\s:]+\.py):(?P<value>[A-Za-z_]\w*)(?::(?P<form>\S+))?")
FIGURE = re.compile(r"(?P<indent> *)!\[(?P<alt>.*)\]\((?P<name>[^\s:()]+\.py):(?P<value>\w+)\) *$")
GRAPH = re.compile(
    r"graph (?P<name>[^\s:]+\.py):(?P<roots>[^\s,]+(?:,[^\s,]+)*)(?P<saved> saved)?\s*$"
)
LISTING = re.compile(
    r"(?P<indent> *)\{\{ *(?P<kind>pages|messages|recipes)(?: +(?P<group>[\w-]+))? *\}\} *$"
)
#: A decimal that is typed, not bound: it follows no letter, digit or product name.
DECIMAL = re.compile(r"(?<![\w.])(?<!PyTorch )(?<!Python )(?<!torch )-?\d+\.\d+(?![\w.]*\w)")
NOT_PROSE = re.compile(r"`[^`]*`|\$[^$]+\$|\]\([^)]*\)|<[^>]*>|\{\{.*?\}\}|https?://\S+")
#: What the lists are made of, in the front matter, and of which type it is.
SHAPE = {
    **dict.fromkeys(("title", "group", "symptom", "fix"), str),
    "errors": [{**dict.fromkeys(("snippet", "says", "means", "fix"), str), "older": [str]}],
    "recipe": dict.fromkeys(("gives", "twice", "forget"), str),
}
CONSTANT = re.compile(r"<!-- constant: \S.*?-->")


@dataclass(frozen=True)
class Include:
    """A Python fence: the code of one snippet, or of one section of it."""

    line: int
    indent: str
    name: str
    #: None for the whole file.
    section: str | None
    #: Unique on its page, and made of the names alone, so that links to it last.
    anchor: str


@dataclass(frozen=True)
class Bound:
    """A snippet's value in prose."""

    line: int
    name: str
    value: str
    #: A format specification, or "".
    form: str


@dataclass(frozen=True)
class Figure:
    """A figure that a snippet made."""

    line: int
    indent: str
    name: str
    value: str
    #: What the figure shows: text and bound values.
    alternative: tuple
    #: Unique on its page.
    anchor: str


@dataclass(frozen=True)
class Graph:
    """The autograd graph below some variables of a snippet."""

    line: int
    indent: str
    name: str
    #: The variables.
    roots: tuple[str, ...]
    #: Whether it tells what is kept for the backward pass.
    saved: bool
    #: What it shows, in words.
    caption: str
    #: The lines that state it, and the number of the first of them.
    outline: tuple[str, ...]
    first: int
    #: Unique on its page.
    anchor: str


@dataclass(frozen=True)
class Listing:
    """A list made of other pages' front matter: pages of a group, messages, or recipes."""

    line: int
    indent: str
    kind: str
    group: str | None


@dataclass(frozen=True)
class Page:
    """A parsed page: Markdown text, with what a build fills in as pieces in their places."""

    path: str
    pieces: tuple
    faults: tuple[Fault, ...]
    #: The front matter.
    meta: dict = field(default_factory=dict)

    @property
    def includes(self):
        return self._pieces(Include)

    @property
    def figures(self):
        return self._pieces(Figure)

    @property
    def graphs(self):
        return self._pieces(Graph)

    @property
    def listings(self):
        return self._pieces(Listing)

    @property
    def bounds(self):
        """The values in prose and in what figures are said to show."""
        inside = [piece for figure in self.figures for piece in figure.alternative]
        return [piece for piece in (*self.pieces, *inside) if isinstance(piece, Bound)]

    @property
    def names(self):
        """The snippets that this page shows or quotes."""
        return {piece.name for piece in (*self.includes, *self.bounds, *self.figures, *self.graphs)}

    def expand(self, show):
        """Return the Markdown with ``show[type(piece)](piece)`` in the place of each piece."""
        return fill(self.pieces, show)

    def _pieces(self, kind):
        return [piece for piece in self.pieces if isinstance(piece, kind)]


def fill(pieces, show):
    """Join text and what ``show[type(piece)](piece)`` makes of the other pieces."""
    shown = (piece if isinstance(piece, str) else show[type(piece)](piece) for piece in pieces)
    return "".join(shown)


def parse_page(path, text):
    """Parse a page; what is wrong with it is in its ``faults``."""
    return _Reader(path, text).read()


def fence(indent, info, code):
    """Write a fenced block. The fence is longer than any in the code."""
    longest = max((len(run) for run in re.findall(r"`{3,}", code)), default=2)
    mark = "`" * (longest + 1)
    lines = [mark + info, *code.rstrip("\n").split("\n"), mark]
    return "".join(f"{indent}{line}".rstrip() + "\n" for line in lines)


def with_outline(text, piece, outline):
    """Return a page's text with other lines for one of its graphs."""
    lines = text.split("\n")
    start, end = piece.first - 1, piece.first - 1 + len(piece.outline)
    gap = [] if lines[start - 1].strip() == "" else [""]
    lines[start:end] = [*gap, *(f"{piece.indent}{line}" for line in outline)]
    return "\n".join(lines)


def format_value(value, form=""):
    """Write a value for prose; without a format, numbers have at most six digits.

    Raises ValueError if the format does not suit the value.
    """
    if isinstance(value, list):
        return "[" + ", ".join(format_value(item, form) for item in value) + "]"
    if form:
        return format(value, form)
    if isinstance(value, float):
        return f"{value:.6g}"
    return str(value)


class _Reader:
    """Walks a page's lines once."""

    def __init__(self, path, text):
        self.path, self.lines = path, list(io.StringIO(text))
        self.pieces, self.faults = [], []
        self.number = 0
        self.anchors = Counter()
        self.meta = {}

    def read(self):
        in_math = False
        self._front_matter()
        while self.number < len(self.lines):
            line = self._next()
            opening = FENCE.match(line.rstrip().expandtabs(4))
            if opening and not in_math:
                self._fence(opening, line)
                continue
            if line.strip() == "$$":
                in_math = not in_math
            if not self._alone(line):
                self._prose(line, lint=not in_math)
        return Page(self.path, tuple(self.pieces), tuple(self.faults), self.meta)

    def _next(self):
        self.number += 1
        return self.lines[self.number - 1]

    def _fault(self, line, message):
        self.faults.append(Fault(Place(self.path, line), message))

    def _front_matter(self):
        if self.lines and self.lines[0].strip() == "---":
            self.pieces.append(self._next())
            while self.number < len(self.lines):
                line = self._next()
                self.pieces.append(line)
                if line.strip() == "---":
                    break
            self._read_meta("".join(self.lines[1 : self.number - 1]))

    def _read_meta(self, text):
        try:
            meta = yaml.safe_load(text) or {}
        except (yaml.YAMLError, ValueError, RecursionError) as error:
            # ValueError: a date or a number that looks like one, and is none.
            mark = getattr(error, "problem_mark", None)
            line = mark.line + 2 if mark else 1
            problem = " ".join(str(getattr(error, "problem", error)).split())
            self._fault(line, f"front matter is not YAML: {problem}")
        else:
            if isinstance(meta, dict):
                self._check_meta(meta)
            else:
                self._fault(1, "front matter is 'name: value' lines")

    def _check_meta(self, meta):
        self.meta = {
            key: value for key, value in meta.items() if fits(value, SHAPE.get(key, object))
        }
        for key in meta:
            if key not in self.meta:
                self._fault(1, f"'{key}:' in the front matter is not {_described(SHAPE[key])}")

    def _fence(self, opening, first):
        start, body = self.number, []
        mark = opening["mark"]
        closing = re.compile(rf"[\s>]*{re.escape(mark[0])}{{{len(mark)},}}\s*$")
        while self.number < len(self.lines):
            line = self._next()
            if closing.match(line):
                break
            body.append(line)
        else:
            self._fault(start, "this fence is never closed")
            return
        if _is_python(opening["info"]):
            self._include(start, opening["indent"], body)
        elif opening["info"].split()[:1] == ["graph"]:
            self._graph(start, opening, body)
        else:
            self.pieces.append("".join([first, *body, line]))

    def _include(self, start, indent, body):
        for number, line in enumerate(body, start + 1):
            if not INCLUDE.match(line):
                advice = 'put the code into snippets/ and write --8<-- "folder/file.py"'
                return self._fault(number, f"Python typed by hand is never run: {advice}")
        if len(body) != 1:
            return self._fault(start, "a Python fence shows exactly one snippet, or one section")
        found = INCLUDE.match(body[0])
        name, section = found["name"], found["section"]
        include = Include(start, indent, name, section, self._anchor(name, section))
        self.pieces.append(include)

    def _graph(self, start, opening, body):
        found = GRAPH.match(opening["info"].strip())
        if not found or opening["quote"]:
            advice = "write ```graph folder/file.py:name, or several names with commas"
            return self._fault(start, f"this graph has no variable: {advice}")
        indent = opening["indent"]
        lines = [line.rstrip("\r\n").removeprefix(indent) for line in body]
        end = lines.index("") if "" in lines else len(lines)
        caption = " ".join(" ".join(lines[:end]).split())
        if not caption:
            advice = "say what it shows; below an empty line stand the lines that it has"
            self._fault(start, f"a graph without a word is lost on many: {advice}")
        self._lint(caption)
        name, roots = found["name"], tuple(found["roots"].split(","))
        first = start + 1 + min(end + 1, len(lines))
        outline, anchor = tuple(lines[end + 1 :]), self._anchor(name, f"{roots[0]}-graph")
        saved = bool(found["saved"])
        self.pieces.append(
            Graph(start, indent, name, roots, saved, caption, outline, first, anchor)
        )

    def _anchor(self, name, section):
        slug = re.sub(r"\W+", "-", name.removesuffix(".py") + (f"-{section}" if section else ""))
        self.anchors[slug] += 1
        return slug if self.anchors[slug] == 1 else f"{slug}-{self.anchors[slug]}"

    def _alone(self, line):
        """Read a line that is a figure or a list, and nothing else; tell whether it is."""
        if found := LISTING.match(line.rstrip()):
            self.pieces.append(Listing(self.number, found["indent"], found["kind"], found["group"]))
        elif found := FIGURE.match(line.rstrip()):
            if not found["alt"].strip():
                advice = "say what it shows: ![The error falls](folder/file.py:figure)"
                self._fault(self.number, f"a figure without a word is lost on many: {advice}")
            outer, self.pieces = self.pieces, []
            self._prose(found["alt"], lint=True)
            alternative, self.pieces = tuple(self.pieces), outer
            name, value = found["name"], found["value"]
            anchor = self._anchor(name, value)
            piece = Figure(self.number, found["indent"], name, value, alternative, anchor)
            self.pieces += [piece, "\n"]
        return bool(found)

    def _prose(self, line, lint):
        if "--8<--" in line:
            self._fault(self.number, "an include stands in a ```python fence")
        at = 0
        for braces in BRACES.finditer(line):
            bound = BOUND.fullmatch(braces[1].strip())
            if not bound:
                message = f"write {{{{ folder/file.py:name }}}}, not {braces[0]}"
                self._fault(self.number, message)
                continue
            self.pieces.append(line[at : braces.start()])
            form = bound["form"] or ""
            self.pieces.append(Bound(self.number, bound["name"], bound["value"], form))
            at = braces.end()
        self.pieces.append(line[at:])
        if "{{" in BRACES.sub("", line):
            message = "write {{ folder/file.py:name }}, not "
            self._fault(self.number, message + line[line.rindex("{{") :].strip())
        if lint and not CONSTANT.search(line):
            self._lint(line)

    def _lint(self, line):
        for number in DECIMAL.findall(NOT_PROSE.sub(" ", line)):
            advice = "bind it, {{ folder/file.py:name }}, or say <!-- constant: why --> on its line"
            self._fault(self.number, f"{number} is typed, so nothing keeps it true: {advice}")


def fits(value, shape):
    """Tell whether a value of the front matter is of that type, all the way down."""
    if value is None and not isinstance(shape, type):
        return True
    if isinstance(shape, list):
        return isinstance(value, list) and all(fits(item, shape[0]) for item in value)
    if isinstance(shape, dict):
        return isinstance(value, dict) and all(
            fits(item, shape.get(key, object)) for key, item in value.items()
        )
    return isinstance(value, shape)


def _described(shape):
    if isinstance(shape, list):
        return f"a list, each item of it {_described(shape[0])}"
    return "a text" if shape is str else f"'name: value' lines with {', '.join(shape)}"


def _is_python(info):
    """Tell whether a fence's info string, ``python title=…`` or ``{ .python }``, means Python."""
    braces = info.strip().startswith("{")
    words = re.findall(r"\.([\w+-]+)" if braces else r"^\s*([\w+-]+)", info)
    return any(word.lower() in PYTHON for word in words)


def read_page(path, shown):
    """Read and parse the page at ``path``. Raises FaultError if it cannot be read."""
    return parse_page(shown, read_text(path, shown))
