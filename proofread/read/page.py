"""A page's Markdown -> front matter, text, and pieces: what a build fills in.

The reader knows how Markdown is divided: front matter, fences, lines, prose. What a fence, a line
or braces mean is told by the kinds that it is given; ``proofread.show.kinds`` has all of them.
"""

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import yaml

from proofread.fault import Fault, FaultError, Place, read_text

FENCE = re.compile(r"(?P<indent> *)(?P<quote>(?:> *)*)(?P<mark>`{3,}|~{3,})(?P<info>[^`]*)$")
BRACES = re.compile(r"\{\{(.*?)\}\}")
#: A decimal that is typed, not bound: it follows no letter, digit or product name.
DECIMAL = re.compile(r"(?<![\w.])(?<!PyTorch )(?<!Python )(?<!torch )-?\d+\.\d+(?![\w.]*\w)")
NOT_PROSE = re.compile(r"`[^`]*`|\$[^$]+\$|\]\([^)]*\)|<[^>]*>|\{\{.*?\}\}|https?://\S+")
CONSTANT = re.compile(r"<!-- constant: \S.*?-->")
ADVICE = "write {{ folder/file.py:name }}"


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
        return tuple(self.reader.prose(text, lint=True))

    def lint(self, text: str) -> None:
        """Find decimals that are typed in a text that holds no pieces."""
        self.reader.lint(text)

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
        return [piece for piece in walk(self.pieces) if isinstance(piece, kind)]

    @property
    def names(self) -> set[str]:
        """The snippets that this page shows or quotes."""
        return {name for piece in walk(self.pieces) for name in piece.names}


def walk(pieces: Iterable[str | Piece]) -> Iterator[Piece]:
    """Yield each piece, and what is inside it."""
    for piece in pieces:
        if isinstance(piece, Piece):
            yield piece
            yield from walk(piece.inside)


def parse_page(path: str, text: str, kinds: Iterable[type[Piece]]) -> Page:
    """Parse a page; what is wrong with it is in its ``faults``."""
    return _Reader(path, text, tuple(kinds)).read()


def read_page(path: Path, shown: str, kinds: Iterable[type[Piece]]) -> Page:
    """Read and parse the page at ``path``. Raises FaultError if it cannot be read."""
    return parse_page(shown, read_text(path, shown), kinds)


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
        self.number = 0
        self.anchors = set()
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
                self.pieces += self.prose(line, lint=not in_math)
        return Page(self.path, tuple(self.pieces), tuple(self.faults), self.meta)

    def prose(self, line, lint):
        """Split a line into text and pieces; with ``lint``, find decimals that are typed."""
        if "--8<--" in line:
            self._fault(self.number, "an include stands in a ```python fence")
        found, at = [], 0
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
        if lint and not CONSTANT.search(line):
            self.lint(line)
        return found

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
                self.meta = meta
            else:
                self._fault(1, "front matter is 'name: value' lines")

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
        piece = self._made(
            *("FENCE", re.Pattern.match, opening["info"], opening["indent"], body, first),
            start=start,
            quoted=bool(opening["quote"]),
        )
        if piece is None:
            self.pieces.append("".join([first, *body, line]))
        elif piece:
            self.pieces.append(piece)

    def _alone(self, line):
        """Read a line that is a piece, and nothing else; tell whether it is."""
        bare = line.rstrip()
        indent = bare[: len(bare) - len(bare.lstrip(" "))]
        piece = self._made("LINE", re.Pattern.fullmatch, bare.lstrip(" "), indent, (), line)
        if piece:
            self.pieces += [piece, "\n"]
        return piece is not None

    def lint(self, line):
        """Find decimals that are typed in a line of prose."""
        for number in DECIMAL.findall(NOT_PROSE.sub(" ", line)):
            advice = "bind it, {{ folder/file.py:name }}, or say <!-- constant: why --> on its line"
            self._fault(self.number, f"{number} is typed, so nothing keeps it true: {advice}")
