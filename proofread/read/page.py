"""A page's Markdown -> front matter, text, and pieces: what a build fills in.

The reader knows how Markdown is divided: front matter, fences, lines, prose. What a fence, a line
or braces mean is told by the kinds that it is given; ``proofread.show.kinds`` has all of them.
"""

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from typing import Any, ClassVar, TypeVar

import yaml

from proofread.fault import Fault, FaultError, Place
from proofread.read import prose

FENCE = re.compile(
    r"""(?P<indent>[ >]*)(?P<mark>`{3,}(?=(?:[^`"]|"[^"]*")*$)|~{3,})(?P<info>.*)$"""
)
#: Front matter, as MkDocs finds it.
FRONT = re.compile(r"---[ \t]*\n(.*?\n)(?:---|\.\.\.)[ \t]*\n", re.DOTALL)
BRACES = re.compile(r"\{\{((?:(?!\{\{).)*?)\}\}")
#: A sign of a number that touches a bound one.
TOUCHING = re.compile(
    r"(?:[\d.,]|(?<!\S)[-+\u2212])\{\{[^{}]*\}\}|\{\{[^{}]*\}\}(?:\d|[.,]\d|e[-+]?\d)"
)
ADVICE = "write {{ folder/file.py:name }}"
TYPED = "Python, or what it prints, typed by hand is never run: put it into snippets/"
#: What the front matter says to search engines alone.
UNSEEN = {"aliases", "search"}


@dataclass(frozen=True)
class Source:
    """Where a piece stands, as its kind reads it."""

    line: int
    indent: str
    #: The lines of a fence, between its marks; of anything else, none.
    body: tuple[str, ...]
    #: Whether it is quoted with ``>``.
    quoted: bool
    #: The line as it is written, or that of the opening mark.
    text: str
    reader: "_Reader" = field(repr=False)

    def anchor(self, *names: str | None) -> str:
        """Return an id, unique on the page, made of the names alone, so that links to it last."""
        slug = re.sub(r"\W+", "-", "-".join(filter(None, names)))
        others = (f"{slug}-{number}" for number in count(2))
        name = slug
        while name in self.reader.anchors:
            name = next(others)
        self.reader.anchors.add(name)
        return name

    def prose(self, text: str) -> tuple["str | Piece", ...]:
        """Return a text with the pieces in it, checked like any other prose."""
        self.lint(text)
        return tuple(self.reader.split(text))

    def lint(self, text: str) -> None:
        """Find decimals that are typed in a text that holds no pieces."""
        self.reader.lint(text, self.line)

    def fault(self, message: str, line: int | None = None) -> FaultError:
        """Return what is wrong here, to be raised."""
        return FaultError(self.reader.path, line or self.line, message)


@dataclass(frozen=True)
class Piece:
    """Something that a build fills in. A subclass is a kind; patterns tell where it stands.

    A kind reads, checks and shows itself. ``seen`` is a ``proofread.judge.bind.Seen``: the page,
    and all that was verified.
    """

    #: Matches the info string of its fence, its whole line, or what stands between its braces.
    FENCE: ClassVar[re.Pattern | None] = None
    LINE: ClassVar[re.Pattern | None] = None
    BRACES: ClassVar[re.Pattern | None] = None

    line: int
    indent: str

    @classmethod
    def read(cls, found: re.Match, source: Source) -> "Piece":
        """Make the piece of what matched. Raises FaultError."""
        raise NotImplementedError

    @property
    def names(self) -> set[str]:
        """The snippets that it shows or quotes."""
        return set()

    @property
    def inside(self) -> tuple["str | Piece", ...]:
        """The text and the pieces that it holds."""
        return ()

    def check(self, seen: Any) -> None:
        """Find what is not so. Raises FaultError."""

    def place(self, placed: Any, seen: Any) -> None:
        """Tell ``placed``, a ``proofread.judge.witness.Placed``, what the page shows of it."""
        placed.words.append(self.text(seen))

    def text(self, seen: Any) -> str:
        """Write it as plain Markdown, for any reader or generator. Raises FaultError."""
        raise NotImplementedError

    def markdown(self, seen: Any) -> str:
        """Write it as Markdown for the site. Raises FaultError."""
        return self.text(seen)

    def html(self, html: str, seen: Any) -> str:
        """Return the page's HTML with this piece dressed. Raises FaultError."""
        return html


Kind = TypeVar("Kind", bound=Piece)


@dataclass(frozen=True)
class Page:
    """A parsed page: Markdown text, with pieces in their places."""

    path: str
    pieces: tuple[str | Piece, ...]
    faults: tuple[Fault, ...]
    #: The front matter.
    meta: dict = field(default_factory=dict)

    def of(self, kind: type[Kind]) -> list[Kind]:
        """List the pieces of a kind, those inside others included."""
        return [piece for piece in self._all if isinstance(piece, kind)]

    @cached_property
    def names(self) -> set[str]:
        """The snippets that this page shows or quotes."""
        return {name for piece in self._all for name in piece.names}

    @cached_property
    def words(self) -> str:
        """What is written on it, without its pieces and in small letters."""
        return "".join(piece for piece in self.pieces if isinstance(piece, str)).lower()

    @cached_property
    def _all(self):
        return list(walk(self.pieces))


def walk(pieces: Iterable[str | Piece]) -> Iterator[Piece]:
    """Yield each piece, and what is inside it."""
    for piece in pieces:
        if isinstance(piece, Piece):
            yield piece
            yield from walk(piece.inside)


def parse_page(path: str, text: str, kinds: Iterable[type[Piece]]) -> Page:
    """Parse a page; what is wrong with it is in its ``faults``."""
    return _Reader(path, text, tuple(kinds)).read()


def fence(indent: str, info: str, code: str) -> str:
    """Write a fenced block. The fence is longer than any in the code."""
    longest = max((len(run) for run in re.findall(r"`{3,}", code)), default=2)
    mark = "`" * (longest + 1)
    lines = [mark + info, *code.rstrip("\n").split("\n"), mark]
    return "".join(f"{indent}{line}".rstrip() + "\n" for line in lines)


class _Reader:
    """Walks a page's lines once."""

    def __init__(self, path, text, kinds):
        self.path, self.kinds, self.lines = path, kinds, list(io.StringIO(text))
        self.pieces, self.faults = [], []
        #: The lines of the page, without those that are front matter, a fence or a piece.
        self.prose = []
        self.number = 0
        self.anchors = set()
        self.meta = {}

    def read(self):
        self._front_matter()
        while self.number < len(self.lines):
            line = self._next()
            opening = FENCE.match(line.rstrip().expandtabs(4))
            if opening:
                self._fence(opening, line)
            elif self._alone(line):
                self.prose.append(f"{prose.FENCED}\n")
            else:
                self.prose.append(line.expandtabs(4))
                self.pieces += self.split(line)
        for number, message in prose.findings("".join(self.prose)):
            self._fault(number, message)
        faults = sorted(self.faults, key=lambda fault: fault.place.line)
        return Page(self.path, tuple(self.pieces), tuple(faults), self.meta)

    def split(self, line):
        """Split a line into text and pieces."""
        if "--8<--" in line:
            self._fault(self.number, "an include stands in a ```python fence")
        found, at = [], 0
        if touching := TOUCHING.search(line):
            self._fault(self.number, f"'{touching[0]}' would make another number of a bound one")
        for braces in BRACES.finditer(line):
            piece = self._made("BRACES", re.Pattern.fullmatch, braces[1].strip(), "", (), line)
            if piece is None:
                self._fault(self.number, f"{ADVICE}, not {braces[0]}")
            if piece:
                found += [line[at : braces.start()], piece]
                at = braces.end()
        found.append(line[at:])
        if "{{" in BRACES.sub("", line):
            self._fault(self.number, f"{ADVICE}, not {line[line.rindex('{{') :].strip()}")
        return found

    def lint(self, text, line):
        """Find decimals that are typed in a text."""
        for message in prose.decimals(text):
            self._fault(line, message)

    def _next(self):
        self.number += 1
        return self.lines[self.number - 1]

    def _fault(self, line, message):
        self.faults.append(Fault(Place(self.path, line), message))

    def _made(self, place, match, text, indent, body, line, start=None, quoted=False):
        """Let a kind read what stands here: None if none knows it, False if it is wrong."""
        for kind in self.kinds:
            pattern = getattr(kind, place)
            if found := pattern and match(pattern, text):
                source = Source(start or self.number, indent, tuple(body), quoted, line, self)
                try:
                    return kind.read(found, source)
                except FaultError as error:
                    self.faults.append(error.fault)
                    return False
        return None

    def _front_matter(self):
        found = FRONT.match("".join(self.lines))
        if found:
            self.number = found[0].count("\n")
            self.pieces += self.lines[: self.number]
            self.prose += ["\n"] * self.number
            self._read_meta(found[1])
        elif self.lines and self.lines[0].strip() == "---":
            self._fault(1, "this front matter is never closed, or it is indented")

    def _read_meta(self, text):
        try:
            # Both are asked of one reader, for reading is what takes time.
            reader = yaml.SafeLoader(text)
            node = reader.get_single_node()
            meta = {} if node is None else reader.construct_document(node) or {}
        except (yaml.YAMLError, ValueError, RecursionError) as error:
            # ValueError: a date or a number that looks like one, and is none.
            mark = getattr(error, "problem_mark", None)
            line = mark.line + 2 if mark else 1
            problem = " ".join(str(getattr(error, "problem", error)).split())
            self._fault(line, f"front matter is not YAML: {problem}")
        else:
            if isinstance(meta, dict):
                self.meta = meta
                self._lint_meta(node)
            else:
                self._fault(1, "front matter is 'name: value' lines")

    def _lint_meta(self, node):
        """Find decimals that are typed in front matter, but in what is shown to nobody."""
        if isinstance(node, yaml.ScalarNode):
            first, last = node.start_mark.line + 1, node.end_mark.line + 2
            if not any("# constant: " in line for line in self.lines[first:last]):
                self.lint(node.value, first + 1)
            if any(prose.TAG in line for line in prose.shown(node.value)):
                self._fault(first + 1, "HTML in front matter: write plain text, or Markdown")
        elif isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                if key.value not in UNSEEN:
                    self._lint_meta(value)
        elif node:
            for value in node.value:
                self._lint_meta(value)

    def _fence(self, opening, first):
        start, indent = self.number, opening["indent"]
        body = self._body(opening)
        read = self.lines[start - 1 : self.number]
        self.prose += [f"{indent}{prose.FENCED}\n"] * len(read)
        if body is None:
            return
        info = opening["info"]
        piece = self._made(
            *("FENCE", re.Pattern.match, info, indent, body, first),
            start=start,
            quoted=">" in indent,
        )
        if piece is None:
            self._plain(info.strip(), body, start)
            self.pieces.append("".join(read))
        elif piece:
            self.pieces.append(piece)

    def _body(self, opening):
        """Read the lines of a fence, as superfences does; None if it is never closed."""
        start, indent, body = self.number, opening["indent"], []
        while self.number < len(self.lines):
            line = self._next().expandtabs(4)
            begin = line[: len(indent)]
            stands = begin[: len(begin) - len(begin.lstrip(" >"))]
            rest = line[len(stands) :]
            short = rest.strip() and len(stands) < len(indent)
            if short or stands.count(">") != indent.count(">"):
                where = f"line {self.number} does not stand as its first line does"
                self._fault(start, f"this fence is never closed: {where}")
                return None
            if rest.rstrip() == opening["mark"]:
                return body
            body.append(rest)
        self._fault(start, "this fence is never closed")
        return None

    def _plain(self, info, body, start):
        """Find what a fence that nothing runs must not hold."""
        self.lint(info, start)
        language = prose.language(info)
        if not language:
            known = f"or one of {', '.join(prose.LANGUAGES)}"
            advice = f"write ```python around an include, {known}"
            self._fault(start, f"nothing runs a fence '{info}': {advice}")
            return
        if language == "markdown":
            # It shows how to write a page, so it is read as one.
            reader = _Reader(self.path, "".join(body), self.kinds)
            for fault in reader.read().faults:
                self._fault(start + fault.place.line, fault.message)
            body = prose.shown("".join(reader.prose))
        for at in prose.python(body):
            self._fault(start + 1 + at, TYPED)

    def _alone(self, line):
        """Read a line that is a piece, and nothing else; tell whether it is."""
        bare = line.rstrip()
        indent = bare[: len(bare) - len(bare.lstrip(" "))]
        piece = self._made("LINE", re.Pattern.fullmatch, bare.lstrip(" "), indent, (), line)
        if piece:
            self.pieces += [piece, "\n"]
        return piece is not None
