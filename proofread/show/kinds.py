"""The kinds of pieces on a page: how each is written, checked, and shown. One table: ``KINDS``.

| On a page | What stands there |
| --- | --- |
| a fence ``python`` around ``--8<-- "folder/file.py"`` or ``"file.py:section"`` | code, run |
| ``{{ folder/file.py:name }}``, ``{{ folder/file.py:name:.3f }}`` in prose | a snippet's value |
| ``![What it shows](folder/file.py:name)`` on a line of its own | a figure that a snippet made |
| a fence ``graph folder/file.py:name`` around words and lines | the graph below a variable |
| ``{{ word … }}``, in prose or on a line of its own | what ``MAKERS`` makes: lists, measurements |
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from textwrap import dedent

from proofread.fault import FaultError
from proofread.judge.bind import Seen, same_lines
from proofread.read.page import Page, Piece, fence, parse_page
from proofread.show import frame, lists
from proofread.show.draw import svg
from proofread.show.expand import block
from proofread.show.figure import inline
from proofread.show.made import Markup, measured, theme
from proofread.show.place import fill_place, framed, place

#: A block in what a maker made.
BLOCK = re.compile(r"^ *(?P<mark>`{3,}).*\n(?P<text>(?:.*\n)*?) *(?P=mark)$", re.MULTILINE)


@dataclass(frozen=True)
class OfSnippet(Piece):
    """What a page shows, or quotes, of one snippet."""

    name: str

    @property
    def names(self):
        return {self.name}


@dataclass(frozen=True)
class Include(OfSnippet):
    """A Python fence: the code of one snippet, or of one section of it."""

    #: None for the whole file.
    section: str | None
    #: Unique on its page, and made of the names alone, so that links to it last.
    anchor: str

    FENCE = re.compile(
        r"\s*\{.*?\.(python3?|py3?|pycon|ipython)(?![\w+-])"
        r"|\s*(python3?|py3?|pycon|ipython)(?![\w+-])",
        re.IGNORECASE,
    )
    CODE = re.compile(r'\s*--8<-- "(?P<name>[^":]+\.py)(?::(?P<section>[^"]+))?"\s*$')

    @classmethod
    def read(cls, found, source):
        for number, line in enumerate(source.body, source.line + 1):
            if not cls.CODE.match(line):
                advice = 'put the code into snippets/ and write --8<-- "folder/file.py"'
                raise source.fault(f"Python typed by hand is never run: {advice}", number)
        if len(source.body) != 1:
            raise source.fault("a Python fence shows exactly one snippet, or one section")
        name, section = cls.CODE.match(source.body[0]).groups()
        anchor = source.anchor(name.removesuffix(".py"), section)
        return cls(source.line, source.indent, name, section, anchor)

    def check(self, seen):
        verdict, report = seen.report.verdicts.get(self.name), seen.report
        if verdict is None:
            alike = [name for name in report.existing if name.lower() == self.name.lower()]
            hint = f" (but {report.folder}/{alike[0]})" if alike else ""
            raise seen.fault(self.line, f"no such snippet: {report.folder}/{self.name}{hint}")
        if verdict.snippet and not seen.snippet(self.name, self.section):
            known = ", ".join(verdict.snippet.sections) or "none"
            where = f"{verdict.snippet.path} (has: {known})"
            raise seen.fault(self.line, f"no section '{self.section}' in {where}")

    def text(self, seen):
        snippet, warning = seen.snippet(self.name, self.section), ""
        if not snippet:
            raise seen.fault(self.line, f"{self.name} cannot be shown")
        if snippet.wrong:
            right = f"Right: `{snippet.right}`."
            warning = f"{self.indent}**Wrong:** {snippet.wrong}. {right}\n\n"
        shown = block(self, seen.report.verdicts[self.name], tested=seen.link is None)
        told = frame.hidden(self, seen)
        return warning + shown + (f"\n{self.indent}*{told}.*\n" if told else "")

    def place(self, placed, seen):
        if snippet := seen.snippet(self.name, self.section):
            code = snippet.code(*snippet.span(self.section))
            placed.blocks[self.anchor] = (self.line, code, frame.Frame(self, seen).word)

    def markdown(self, seen):
        snippet = seen.snippet(self.name, self.section)
        span = snippet.span(self.section) if snippet else ()
        text = snippet.code(*span) if snippet else "# cannot be shown\n"
        marked = " ".join(map(str, snippet.marked(*span))) if snippet else ""
        lines = f' hl_lines="{marked}"' if marked else ""
        return fence(self.indent, f" {{ .python #{self.anchor}{lines} }}", text)

    def html(self, html, seen):
        dressed = frame.Frame(self, seen).around
        return framed(html, self, "python", dressed, seen)


@dataclass(frozen=True)
class Bound(OfSnippet):
    """A snippet's value in prose."""

    value: str
    #: A format specification, or "".
    form: str
    #: Whether its line says ``<!-- measured: on what -->``: no two runs share it.
    measured: bool

    BRACES = re.compile(r"(?P<name>[^\s:]+\.py):(?P<value>[A-Za-z_]\w*)(?::(?P<form>\S+))?")
    MEASURED = re.compile(r"<!-- measured: \S.*?-->")

    @classmethod
    def read(cls, found, source):
        measured = cls.MEASURED.search(source.text) is not None
        name, value, form = found.groups("")
        return cls(source.line, source.indent, name, value, form, measured)

    def check(self, seen):
        self.text(seen)

    def text(self, seen):
        return seen.value(self.name, self.value, self.form, self.line)


@dataclass(frozen=True)
class Figure(OfSnippet):
    """A figure that a snippet made."""

    value: str
    #: What the figure shows: text and bound values.
    alternative: tuple
    #: Unique on its page.
    anchor: str

    LINE = re.compile(r"!\[(?P<alt>.*)\]\((?P<name>[^\s:()]+\.py):(?P<value>\w+)\)")

    @classmethod
    def read(cls, found, source):
        alt, name, value = found.groups()
        if not alt.strip():
            advice = "say what it shows: ![The error falls](folder/file.py:figure)"
            raise source.fault(f"a figure without a word is lost on many: {advice}")
        anchor = source.anchor(name.removesuffix(".py"), value)
        return cls(source.line, source.indent, name, value, source.prose(alt), anchor)

    @property
    def inside(self):
        return self.alternative

    @property
    def file(self):
        """The file, beside the page, that holds it where pages are plain Markdown."""
        return f"{self.anchor}.svg"

    def words(self, seen):
        """Return what it shows, in words. Raises FaultError."""
        return fill(self.alternative, seen)

    def drawing(self, seen):
        """Return its SVG text. Raises FaultError."""
        return seen.figure(self.name, self.value, self.line)

    def check(self, seen):
        self.drawing(seen)

    def place(self, placed, seen):
        placed.drawings += 1
        placed.words += [piece.text(seen) for piece in self.inside if not isinstance(piece, str)]

    def text(self, seen):
        words = self.words(seen)
        told = f"![{words}]({self.file})" if seen.link is None else f"*Figure: {words}*"
        return self.indent + told

    def markdown(self, seen):
        return self.indent + place(self.anchor)

    def html(self, html, seen):
        try:
            drawn = inline(self.drawing(seen), self.anchor, self.words(seen))
            shown = frame.drawing(self.anchor, drawn)
        except FaultError as error:
            shown = frame.failure([error.fault])
        return fill_place(html, self, shown, seen)


@dataclass(frozen=True)
class Graph(OfSnippet):
    """The autograd graph below some variables of a snippet."""

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

    FENCE = re.compile(r"\s*graph(?:\s+(?P<rest>.*))?$")
    WHAT = re.compile(r"(?P<name>[^\s:]+\.py):(?P<roots>[^\s,]+(?:,[^\s,]+)*)(?P<saved> saved)?\s*")

    @classmethod
    def read(cls, found, source):
        what = cls.WHAT.fullmatch(found["rest"] or "")
        if not what or source.quoted:
            advice = "write ```graph folder/file.py:name, or several names with commas"
            raise source.fault(f"this graph has no variable: {advice}")
        name, roots = what["name"], tuple(what["roots"].split(","))
        lines = [line.rstrip("\r\n").removeprefix(source.indent) for line in source.body]
        end = lines.index("") if "" in lines else len(lines)
        caption = " ".join(" ".join(lines[:end]).split())
        if not caption:
            advice = "say what it shows; below an empty line stand the lines that it has"
            raise source.fault(f"a graph without a word is lost on many: {advice}")
        source.lint(caption)
        first = source.line + 1 + min(end + 1, len(lines))
        anchor = source.anchor(name.removesuffix(".py"), f"{roots[0]}-graph")
        outline = tuple(lines[end + 1 :])
        stands = (source.line, source.indent, name, roots, bool(what["saved"]))
        return cls(*stands, caption, outline, first, anchor)

    def subgraph(self, seen):
        """Return the graph as it was walked. Raises FaultError."""
        return seen.graph(self.name, self.roots, self.saved, self.line)

    def restated(self, text, seen):
        """Return the page's text with the lines that this graph really has. Raises FaultError."""
        lines, start = text.split("\n"), self.first - 1
        gap = [] if lines[start - 1].strip() == "" else [""]
        happened = self.subgraph(seen).outline()
        lines[start : start + len(self.outline)] = [*gap, *(self.indent + o for o in happened)]
        return "\n".join(lines)

    def check(self, seen):
        diff = same_lines(list(self.outline), self.subgraph(seen).outline())
        if diff:
            accept = f"python -m proofread update {seen.page.path}"
            raise seen.fault(self.first, f"the graph of {self.name} is another one", diff, accept)

    def place(self, placed, seen):
        placed.graphs += 1

    def text(self, seen):
        name = f'{self.indent}<a id="{self.anchor}"></a>\n\n' if seen.link is None else ""
        return name + fence(self.indent, "text", "\n".join([self.caption, "", *self.outline]))

    def markdown(self, seen):
        return f"\n{self.indent}{place(self.anchor)}\n\n"

    def html(self, html, seen):
        try:
            self.check(seen)
            graph = self.subgraph(seen)
            drawn = svg(graph, self.anchor, self.caption.replace("`", ""))
            shown = frame.graph(graph, drawn, self.anchor, self.caption)
        except FaultError as error:
            shown = frame.failure([error.fault])
        return fill_place(html, self, shown, seen)


@dataclass(frozen=True)
class Made(Piece):
    """What a maker makes: a list of pages, a part of a measurement, a part of the theme."""

    word: str
    rest: tuple[str, ...]
    #: Whether it has a line of its own.
    alone: bool
    anchor: str

    BRACES = re.compile(r"(?P<word>[a-z]+)(?P<rest>(?: [^{}]*)?)")
    LINE = re.compile(r"\{\{ *(?P<word>[a-z]+)(?P<rest>(?: [^{}]*)?) *\}\}")

    @classmethod
    def read(cls, found, source):
        word, rest = found["word"], tuple(found["rest"].split())
        if word not in MAKERS:
            written = f"{{{{ {' '.join((word, *rest))} }}}}"
            raise source.fault(f"write {{{{ folder/file.py:name }}}}, not {written}")
        alone = cls.LINE.fullmatch(source.text.strip()) is not None
        anchor = source.anchor(*rest[:1]) if rest else source.anchor(word)
        return cls(source.line, source.indent, word, rest, alone, anchor)

    def make(self, seen):
        """Return a text, a Drawing or Markup. Raises FaultError."""

        def bind(page: Page, key: str, text: str) -> str:
            return bound_text(page, key, text, seen)

        try:
            return MAKERS[self.word](seen, bind, *self.rest)
        except (LookupError, TypeError) as error:
            said = error.args[0] if error.args else error
            raise seen.fault(self.line, str(said)) from None

    def check(self, seen):
        self.make(seen)

    def place(self, placed, seen):
        made = self.make(seen)
        if isinstance(made, str):
            placed.words.append(made)
            placed.loose += [dedent(block["text"]) for block in BLOCK.finditer(made)]
        elif isinstance(made, Markup):
            placed.words.append(made.html)
            placed.parts.append(made.html)
        else:
            placed.words.append(made.words)
            placed.drawings += 1

    def text(self, seen):
        made = self.make(seen)
        if isinstance(made, Markup):
            return ""
        return self._indented(made if isinstance(made, str) else f"*Figure: {made.words}*")

    def markdown(self, seen):
        made = self.make(seen)
        return self._indented(made if isinstance(made, str) else place(self.anchor))

    def html(self, html, seen):
        try:
            made = self.make(seen)
        except FaultError:
            return html  # It is said on top of the page.
        if isinstance(made, str):
            return html
        if isinstance(made, Markup):
            return fill_place(html, self, made.html, seen)
        drawn = inline(made.svg, self.anchor, made.words)
        return fill_place(html, self, frame.drawing(self.anchor, drawn), seen)

    def _indented(self, text):
        if not self.alone:
            return text
        lines = (f"{self.indent}{line}".rstrip() for line in text.splitlines())
        return "\n".join(lines)


#: The kinds that a page can hold; the first that knows what stands there reads it.
KINDS: tuple[type[Piece], ...] = (Include, Graph, Figure, Bound, Made)

#: The first word between braces -> what makes the piece: ``maker(seen, bind, *words)``.
MAKERS: dict[str, Callable] = {
    "pages": lists.pages,
    "answer": lists.answer,
    "messages": lists.index,
    "recipes": lists.recipes,
    "measured": measured,
    "theme": theme,
}


def fill(pieces, seen: Seen) -> str:
    """Join text, and what pieces are as plain Markdown. Raises FaultError."""
    return "".join(piece if isinstance(piece, str) else piece.text(seen) for piece in pieces)


def bound_text(page: Page, key: str, text: str, seen: Seen) -> str:
    """Return a text of a page's front matter with values bound into it. Raises FaultError."""
    if not text:
        raise FaultError(page.path, 1, f"the front matter lacks '{key}:'")
    parsed = parse_page(page.path, text, (Bound,))
    if parsed.faults:
        message = f"'{key}:' in the front matter: {parsed.faults[0].message}"
        raise FaultError(page.path, 1, message)
    return " ".join(fill(parsed.pieces, Seen(page, seen.report)).split())
