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
from proofread.read.prose import CONSTANT, LANGUAGES

#: What looks like Python, or like something that it printed, in whatever language it stands.
SIGN = re.compile(
    r"^\s*(>>> |\.\.\. |#[>!]|(import|from) [\w.]+|def \w+\(|class \w+|@\w+)"
    r"|\bprint\(|\btorch\.\w+\(|\btensor\(|^(In|Out) ?\[\d*\]|^\$ python3? -c"
    r"|^\s*[-+]?\d+(\.\d*)?(e[-+]?\d+)?\s*$",
    re.MULTILINE,
)
#: In a plain text also this; other languages have it, too.
ASSIGNMENT = re.compile(r"^\s*[\w.\[\]]+ [-+*/]?= \S.*", re.MULTILINE)
#: A caption that says of a block, with a reason, that nobody ran it.
NOT_RUN = re.compile(r"not run: \w+\W+\w+")
#: Everything that shows text as code; what is written in a line claims nothing.
CODE = "pre, xmp, listing, plaintext, textarea, samp"
#: What runs, or is filled, by itself, so that nobody can tell what it will show.
ACTIVE = "script, style, iframe, object, embed, template, slot, canvas, video, audio"
#: What is no prose: blocks, formulas, and what the engine drew, which is counted.
NO_PROSE = f"{CODE}, code, math, .arithmatex, figure.snippet, figure.graph, figure.drawing"
#: What ends a word, whatever stands behind it.
APART = "td, th, li, dt, dd, p, br, div, summary, option, label, h1, h2, h3, h4, h5, h6"
#: What is read aloud, or shown to who waits.
SPOKEN = ("alt", "title", "aria-label", "placeholder")
#: A decimal as anybody writes one; groups of three digits behind a comma are a whole number.
POINT = r"[.\u00b7\u066b\uff0e]"
DECIMAL = re.compile(
    rf"(?<![\w.,])[-+\u2212]?(?:\d*{POINT}\d+|\d+,(?!\d{{3}}(?:\D|$))\d+)(?:[eE][-+\u2212]?\d+)?"
    r"|(?<![\w.,])[-+\u2212]?\d+[eE][-+\u2212]\d+"
)
#: What a decimal is no result of: versions behind a name, sections, identifiers, addresses.
REFERENCE = re.compile(
    r"\b(?:PyTorch|torch|Python|CUDA|cuDNN|NumPy|SciPy|SymPy|JAX|TensorFlow|MkDocs|Material|WCAG"
    r"|BY|version|versions|releases?|section|chapter|equation|figure|table|[Vv])"
    r"\W{0,3}\d+(?:\.\d+)*(?:(?:, | and | to | or |\u2013)\d+(?:\.\d+)+)*"
    r"|\d+\.\d+\.\d+[\w.+-]*|arXiv:\S+|doi:\S+|https?://\S+",
    re.IGNORECASE,
)


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
    #: How many graphs and drawings.
    graphs: int = 0
    drawings: int = 0


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
    content = _content(tree)
    faults += [fault for node in content.css(ACTIVE) for fault in _active(node, placed)]
    faults += [fault for node in content.css(f"{CODE}, code") for fault in _block(node, placed)]
    return [*faults, *_prose(tree, content, placed)]


def count(html: str) -> Count:
    """Count what a finished page has, without knowing what was placed there."""
    content = _content(LexborHTMLParser(html))
    selectors = ("figure.snippet", "span.mark", "figure.graph", "figure.drawing")
    frames, marks, graphs, drawings = (len(content.css(selector)) for selector in selectors)
    return Count(len(content.css("figure.snippet pre")), frames, marks, graphs, drawings)


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
        if (found := len(content.css(selector))) != wanted:
            yield Fault(Place(placed.path, 1), f"shows {found} {what}, where {wanted} were placed")


def _frame_of(node: LexborNode) -> LexborNode:
    while node.tag != "figure":
        node = _around(node)
    return node


def _around(node: LexborNode) -> LexborNode:
    """Return the element that holds a node; each has one, below the page itself."""
    return node.parent or node


def _active(node: LexborNode, placed: Placed) -> Iterator[Fault]:
    """Find what shows something of its own, unless a part of the theme put it there."""
    if not any(node.html and node.html in text for text in placed.words):
        message = f"a <{node.tag}> shows what nobody can assert: leave it out"
        yield Fault(_place([f"<{node.tag}"], placed), message)


def _block(pre: LexborNode, placed: Placed) -> Iterator[Fault]:
    """Find a block of code that the engine did not place, unless it claims nothing."""
    text, box, language = pre.text(), _around(pre), ""
    if pre.tag == "code" and (box.tag == "pre" or "\n" not in text or not SIGN.search(text)):
        return  # In a line it claims nothing.
    words = (box.attributes.get("class") or "").split()
    if box.attributes.get("id") in placed.blocks or "failure" in words:
        return
    if any(_lines(text) == _lines(known) for known in placed.loose):
        return
    if pre.tag == "pre" and "highlight" in words:
        language = next((w.removeprefix("language-") for w in words if "language-" in w), "")
    place = _place(_lines(text)[:1], placed)
    if language not in LANGUAGES:
        named = f"a block of {language}" if language else f"a <{pre.tag}>"
        known = ", ".join(sorted(LANGUAGES))
        yield Fault(place, f"{named} that was never run: show a snippet, or say one of {known}")
        return
    caption = box.css_first(".filename")
    if caption and NOT_RUN.match(caption.text().strip()):
        return
    if sign := SIGN.search(text) or (language == "text" and ASSIGNMENT.search(text)):
        what = sign[0].strip()[:40]
        advice = 'show a snippet, or say why it is not: title="not run: REASON"'
        yield Fault(place, f"'{what}' in a block of {language} looks like Python: {advice}")


def _prose(tree: LexborHTMLParser, content: LexborNode, placed: Placed) -> Iterator[Fault]:
    """Find decimals that nothing keeps true."""
    stamps = content.css("p.verified")[-1:]  # The engine's own; any other is the author's.
    for node in [*content.css(NO_PROSE), *stamps]:
        node.decompose()
    for node in content.css(APART):
        node.insert_before(" ")
        node.insert_after(" ")
    constants = (line for line in placed.lines if CONSTANT.search(line))
    known = Counter(d for text in (*placed.words, *constants) for d in decimals(text))
    title, about = tree.css_first("title"), tree.css_first('meta[name="description"]')
    beside = [title.text() if title else "", about.attributes["content"] or "" if about else ""]
    for name in SPOKEN:
        beside += [node.attributes[name] or "" for node in content.css(f"[{name}]")]
    shown = Counter(decimals(content.text()))
    for text in beside:
        shown |= Counter(decimals(text))
    for decimal in shown - known:
        advice = "bind it, {{ folder/file.py:name }}, or say <!-- constant: why --> on its line"
        message = f"{decimal} is typed, so nothing keeps it true: {advice}"
        yield Fault(_place([decimal.lstrip("-+\u2212")], placed), message)


def decimals(text: str) -> list[str]:
    """List the decimals of a text that may be results, as they are written."""
    return DECIMAL.findall(REFERENCE.sub(" ", INVISIBLE.sub("", text)))


def _lines(text: str) -> list[str]:
    """Return the lines of a block, as far as a reader sees them."""
    lines = [line.rstrip().replace("\xa0", " ") for line in text.strip("\n").split("\n")]
    return lines


def _place(signs: Iterable[str], placed: Placed) -> Place:
    """Return the first line of the source that holds one of these, or its beginning."""
    for sign in filter(None, signs):
        for number, line in enumerate(placed.lines, 1):
            if sign.strip() in line:
                return Place(placed.path, number)
    return Place(placed.path, 1)
