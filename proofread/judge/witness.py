"""The last word: what came out as HTML, against what the engine placed there.

The engine reads Markdown in its own way, and what publishes the page in another. Where the two
disagree, something could be shown that nobody ran. So each finished page is looked at again, by a
parser of HTML, with an allow-list: what is not known to be true, or to claim nothing, is a fault.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from proofread.fault import INVISIBLE, Fault, Place
from proofread.judge import allowed
from proofread.read.prose import CONSTANT, LANGUAGES, REFERENCE


@dataclass
class Placed:
    """What the engine put on a page."""

    #: The page's source, as an author knows it, and its lines.
    path: str
    lines: list[str] = field(default_factory=list)
    #: id of each framed block -> (its line, its code, the word of its mark).
    blocks: dict[str, tuple[int, str, str]] = field(default_factory=dict)
    #: What blocks without a frame may hold: parts of lists, cells of a notebook, their outputs.
    loose: list[str] = field(default_factory=list)
    #: Texts that were asserted, for the numbers in them.
    words: list[str] = field(default_factory=list)
    #: HTML of the theme, for the elements in it.
    parts: list[str] = field(default_factory=list)
    #: How many graphs and drawings.
    graphs: int = 0
    drawings: int = 0
    #: The lines of mkdocs.yml, which says what stands around each page.
    around: list[str] = field(default_factory=list)
    #: Whether the page may show, in red, what is not true: a server does, a build has ended.
    failing: bool = False


@dataclass(frozen=True)
class Count:
    """What is on a page, as the witness counts it."""

    blocks: int
    frames: int
    marks: int
    graphs: int
    drawings: int


def witness(html: str, placed: Placed) -> list[Fault]:
    """Return what a finished page shows that was not placed there, or not as it was."""
    tree = LexborHTMLParser(html)
    faults = [*_named(tree, placed), *_framed(tree, placed)]
    return [*faults, *_Rest(tree, placed).faults()]


def count(html: str) -> Count:
    """Count what a finished page has, without knowing what was placed there."""
    content = _content(LexborHTMLParser(html))
    selectors = ("figure.snippet", "span.mark", "figure.graph", "figure.drawing")
    frames, marks, graphs, drawings = (len(content.css(selector)) for selector in selectors)
    return Count(len(content.css("figure.snippet pre")), frames, marks, graphs, drawings)


def decimals(text: str) -> list[str]:
    """List the decimals of a text that may be results, as they are written."""
    seen = text
    if not text.isascii():
        seen = INVISIBLE.sub(lambda found: " " if found[0].isspace() else "", text)
    # Few lines can have one, and to look closely costs ten times as much. What a number belongs to
    # may stand on the line above.
    lines = ["", *seen.split("\n")]
    perhaps = [at for at, line in enumerate(lines) if allowed.PERHAPS.search(line)]
    near = "\n".join(lines[at] for at in sorted({*perhaps, *(at - 1 for at in perhaps)}))
    return allowed.DECIMAL.findall(REFERENCE.sub(" ", near))


def _content(tree: LexborHTMLParser) -> LexborNode:
    """Return what the page's author can write, without the foot that the theme adds at its end."""
    content = tree.css_first("article") or tree.css("body")[0]
    last = content.last_child
    while last is not None and not last.is_element_node:
        last = last.prev
    if last is not None and last.tag == "aside" and last.attributes.get("class") == "colophon":
        last.decompose()
    return content


def _named(tree: LexborHTMLParser, placed: Placed) -> Iterator[Fault]:
    """Find an id that two elements share: a frame may stand around the wrong one."""
    names = Counter(node.attributes["id"] for node in tree.css("[id]"))
    for name in placed.blocks:
        if names[name] != 1:
            line = placed.blocks[name][0]
            said = "is not on the page: is it in a comment?"
            if names[name]:
                said = "is not the only one with this id: rename the heading, or the snippet"
            yield Fault(Place(placed.path, line), f"the block '{name}' {said}")


def _framed(tree: LexborHTMLParser, placed: Placed) -> Iterator[Fault]:
    """Check that each frame holds the block that it was made for, and its mark."""
    content = _content(tree)
    for name, (line, code, word) in placed.blocks.items():
        place = Place(placed.path, line)
        found = content.css(f'figure.snippet [id="{name}"]')
        if len(found) != 1:
            continue  # It has another fault.
        if _lines(found[0].text()) != _lines(code):
            yield Fault(place, f"the frame of '{name}' holds other code than its snippet's")
        marks = _frame_of(found[0]).css("span.mark")
        if len(marks) != 1 or word not in [part.text() for part in marks[0].css("span")]:
            yield Fault(place, f"the frame of '{name}' is not marked '{word}', once")
    for selector, wanted, what in (
        ("figure.snippet", len(placed.blocks), "frames"),
        ("figure.snippet span.mark", len(placed.blocks), "marks"),
        ("span.mark", len(placed.blocks) + placed.graphs, "marks"),
        ("figure.graph", placed.graphs, "graphs"),
        ("figure.drawing", placed.drawings, "drawings"),
    ):
        if (found := len(tree.css(selector))) != wanted:
            yield Fault(Place(placed.path, 1), f"shows {found} {what}, where {wanted} were placed")
    # It ends what an author wrote, so what stands behind it was written by the theme.
    if len(tree.css("p.verified")) != len(content.css("p.verified")):
        what = "ends an element that it did not begin, such as </article>: leave it out"
        yield Fault(Place(placed.path, 1), what)


def _frame_of(node: LexborNode) -> LexborNode:
    while node.tag != "figure":
        node = _around(node)
    return node


def _around(node: LexborNode) -> LexborNode:
    """Return the element that holds a node; each has one, below the page itself."""
    return node.parent or node


class _Rest:
    """All of a page that is no frame, graph or drawing of the engine's."""

    def __init__(self, tree: LexborHTMLParser, placed: Placed):
        self.tree, self.placed = tree, placed
        self.content = _content(tree)
        self.text = self.content.text()
        #: Texts, outside of the prose, that a reader gets to know.
        self.beside = [node.text() for node in self.content.css("figure.graph figcaption")]
        drawn = self.content.css("figure.drawing svg")
        self.beside += [node.attributes.get("aria-label") or "" for node in drawn]
        for node in self.content.css(allowed.DRAWN):
            node.decompose()
        for node in self.content.css("code br"):
            node.replace_with("\n")
        if placed.failing:
            for node in self.content.css("div.failure[role=alert]"):
                node.decompose()

    def faults(self) -> Iterator[Fault]:
        """Find what nobody ran; takes the page apart, so it does so once."""
        yield from self._elements()
        for node in self.content.css(allowed.CODE):
            yield from self._block(node)
        yield from self._lines_of_code()
        yield from self._prose()

    def _elements(self):
        """Find what shows, or hides, something of its own, unless the theme put it there."""
        parts = [LexborHTMLParser(part, is_fragment=True) for part in self.placed.parts]
        known = Counter(_start(node) for part in parts for node in part.css("*"))
        for node in self.content.css("*")[1:]:  # The first is what holds the others.
            why = _unknown(node)
            if why and not known[_start(node)]:
                message = f"{why} shows what nobody can assert: leave it out"
                yield self._fault(message, f"<{node.tag}", *filter(None, node.attributes.values()))
            known[_start(node)] -= bool(why)
            said = (v for name, v in node.attributes.items() if allowed.SPOKEN.fullmatch(name))
            self.beside += filter(None, said)

    def _block(self, pre):
        """Find a block of code that the engine did not place, unless it claims nothing."""
        text, box, language = pre.text(), _around(pre), ""
        if pre.tag == "code":
            if box.tag != "pre" and allowed.IN_LINE.search(text):
                yield self._unrun(text, "in a line of code")
            if box.tag == "pre" or "\n" not in text or not allowed.SIGN.search(text):
                return
        if any(_lines(text) == _lines(known) for known in self.placed.loose):
            return
        if "highlight" in (words := (box.attributes.get("class") or "").split()):
            language = next((w.removeprefix("language-") for w in words if "language-" in w), "")
        if language not in LANGUAGES:
            named = f"a block of {language}" if language else f"a <{pre.tag}>"
            known = ", ".join(sorted(LANGUAGES))
            advice = f"show a snippet, or say one of {known}"
            yield self._fault(f"{named} that was never run: {advice}", *_lines(text)[:1])
            return
        caption = box.css_first(".filename")
        if caption and allowed.NOT_RUN.match(caption.text().strip()):
            return
        self.beside.append(allowed.BRACES.sub(" ", text) if language == "markdown" else text)
        settings = language in allowed.SETTINGS
        sign = allowed.SIGN.search(text) or (not settings and allowed.ASSIGNMENT.search(text))
        if sign:
            yield self._unrun(sign[0], f"in a block of {language}")

    def _lines_of_code(self):
        """Find code that stands line for line, or as if typed, and is no block."""
        for node in self.content.css("kbd, var"):
            if sign := allowed.SIGN.search(node.text()) or allowed.ASSIGNMENT.search(node.text()):
                yield self._unrun(sign[0], f"in a <{node.tag}>")
        for node in {
            _around(br).mem_id: _around(br) for br in self.content.css("code + br")
        }.values():
            text = "\n".join(code.text() for code in node.css("code"))
            if sign := allowed.SIGN.search(text):
                yield self._unrun(sign[0], "in lines of code")

    def _prose(self):
        """Find decimals that nothing keeps true, and Python that is no code at all."""
        tree, content, placed = self.tree, self.content, self.placed
        self.beside += [node.text() for node in content.css("mtext")]
        # The stamp is the engine's own, and the last of its kind.
        for node in [*content.css("pre, code, math"), *content.css("p.verified")[-1:]]:
            node.decompose()
        for node in content.css(".arithmatex"):
            if node.text().startswith(("\\(", "\\[")):
                node.decompose()
        for node in content.css(allowed.APART):
            node.insert_before("\n")
            node.insert_after("\n")
        constants = (line for line in placed.lines if CONSTANT.search(line))
        known = Counter(d for text in (*placed.words, *constants) for d in decimals(text))
        title, about = tree.css_first("title"), tree.css_first('meta[name="description"]')
        self.beside += [title.text() if title else ""]
        self.beside += [about.attributes["content"] or "" if about else ""]
        text = content.text()
        signs = [*_signs(text)]
        signs += [sign for said in self.beside for sign in allowed.IN_LINE.finditer(said)]
        for sign in signs:
            if not any(sign[0].strip() in asserted for asserted in placed.words):
                yield self._unrun(sign[0], "in prose")
        shown = Counter(decimals(text))
        for beside in self.beside:
            shown |= Counter(decimals(beside))
        # What is hidden could stand between the digits that are not.
        for node in content.css("[class]"):
            if allowed.INLINE.fullmatch(node.tag or ""):
                node.decompose()
        shown |= Counter(decimals(content.text()))
        for decimal in shown - known:
            advice = "bind it, {{ folder/file.py:name }}, or say <!-- constant: why --> on its line"
            message = f"{decimal} is typed, so nothing keeps it true: {advice}"
            yield self._fault(message, decimal.lstrip("-+\u2212"))
        yield from self._around({*shown, *known})

    def _around(self, known):
        """Find what stands around the page, as the navigation and its foot do."""
        self.content.decompose()
        for node in self.tree.css("script, style, svg"):
            node.decompose()
        for node in self.tree.css(f"body :is({allowed.APART})"):
            node.insert_before("\n")
        body = self.tree.css_first("body")
        lines = body.text().split("\n") if body else []
        text = "\n".join(line for line in lines if line and not line.isspace())
        signs = [d for d in decimals(text) if d not in known]
        found = (sign[0].strip() for sign in _signs(text))
        signs += [sign for sign in found if sign not in self.text]
        signs += [node.text().strip() for node in self.tree.css("pre")]
        for sign in dict.fromkeys(signs):
            message = f"'{sign}' stands around the page, where nothing keeps it true: leave it out"
            around = Placed("mkdocs.yml", self.placed.around)
            known = any(sign in line for line in around.lines)
            yield Fault(_place([sign], around if known else self.placed), message)

    def _unrun(self, text, where):
        what = text.strip()[:40]
        advice = 'show a snippet, or say why it is not: title="not run: REASON"'
        return self._fault(f"'{what}' {where} looks like Python: {advice}", what)

    def _fault(self, message, *signs):
        return Fault(_place(signs, self.placed), message)


def _signs(text: str) -> Iterator[re.Match]:
    """Find what looks like Python in prose."""
    for line in text.split("\n"):
        if any(hint in line for hint in allowed.HINTS):
            yield from allowed.IN_PROSE.finditer(line)


def _start(node: LexborNode) -> tuple:
    """Return an element without what it holds."""
    return node.tag, frozenset(node.attributes.items())


def _unknown(node: LexborNode) -> str:
    """Name what may show or hide something, or return ""."""
    if not allowed.ELEMENTS.fullmatch(node.tag or ""):
        return f"a <{node.tag}>"
    for name, value in node.attributes.items():
        if not (allowed.ATTRIBUTES.fullmatch(name) or allowed.SPOKEN.fullmatch(name)):
            return f"{name}= in a <{node.tag}>"
        if name == "style" and not allowed.STYLE.fullmatch(value or ""):
            return f"the style of a <{node.tag}>"
        if name == "href" and allowed.SCRIPTED.match(value or ""):
            return f"the target of an <{node.tag}>"
    return ""


def _lines(text: str) -> list[str]:
    """Return the lines of a block, as far as a reader sees them."""
    return [line.rstrip().replace("\xa0", " ") for line in text.strip("\n").split("\n")]


def _place(signs: Iterable[str], placed: Placed) -> Place:
    """Return the first line of the source that holds one of these, or its beginning."""
    for sign in filter(None, signs):
        for number, line in enumerate(placed.lines, 1):
            if sign.strip() in line:
                return Place(placed.path, number)
    return Place(placed.path, 1)
