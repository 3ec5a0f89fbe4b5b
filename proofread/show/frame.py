"""How a piece is framed on the site: what is wrong or raises, what was asserted, what failed."""

import re
from html import escape

from proofread.fault import Fault
from proofread.judge.bind import Seen
from proofread.judge.graph import Subgraph
from proofread.judge.verdict import FAILED, NOT_RUN

#: Pygments' classes for comments, which is what expectations are.
COMMENT = re.compile(r'<span class="(c1|ch)">#(&gt;|!)')
#: Code in what a graph shows.
CODE = re.compile(r"`([^`]+)`")
KINDS = {"&gt;": "says", "!": "raises"}
#: The word of a mark -> its sign, and what it means.
MARKS = {
    "asserted": ("✓", "Its output was asserted in this build"),
    "ran": ("✓", "This block ran without error or output in this build"),
    "not true": ("✗", "What this block states is not what happened"),
}
DASHED = " Red and dashed with a ✗: the code names that tensor, and PyTorch has no edge to it."


class Frame:
    """The frame around one snippet; ``piece`` tells which part of it."""

    def __init__(self, piece, seen: Seen):
        self.piece, self.seen = piece, seen
        self.verdict = seen.report.verdicts.get(piece.name)
        self.snippet = seen.snippet(piece.name, piece.section)

    def around(self, block: str) -> str:
        """Return a highlighted block in its frame."""
        if not self.snippet:
            faults = self.verdict.faults if self.verdict else ()
            return f'<figure class="snippet">{block}{failure(faults)}</figure>'
        block = self._claims(block)
        kind, caption = self._caption()
        whole = f' data-copy="{escape(self.snippet.whole())}"' if self.piece.section else ""
        url = self.seen.link(f"snippets/{self.piece.name}")
        told = hidden(self.piece, self.seen)
        lines = f'<a href="{url}">{told}</a>' if told else ""
        loads = "".join(map(self._download, (*self.snippet.uses, self.piece.name)))
        return (
            f'<figure class="snippet{kind}"{whole}>{caption}{block}{failure(self.verdict.faults)}'
            f'<footer class="snippet-foot" data-search-exclude>{self._mark()}{lines}{loads}'
            "</footer></figure>"
        )

    def _download(self, name):
        file = name.rpartition("/")[2]
        return (
            f'<a href="{self.seen.link(f"snippets/{name}")}" download="{file}">Download {file}</a>'
        )

    def _claims(self, block):
        """Draw the lines that were compared as such, and no other."""
        head, code = re.match(r"(.*?<code[^>]*>|)(.*)", block, re.DOTALL).groups()
        lines = code.split("\n")
        for number in self.snippet.stated(*self.snippet.span(self.piece.section)):
            lines[number - 1] = COMMENT.sub(
                lambda m: f'<span class="{m[1]} {KINDS[m[2]]}">#{m[2]}', lines[number - 1]
            )
        return head + "\n".join(lines)

    def _caption(self):
        snippet, truths = self.snippet, self.seen.report.truths
        if snippet.wrong:
            text = f"{escape(str(snippet.wrong))}. {self._right()}"
            return " wrong", _figcaption("Wrong", text)
        if snippet.name in truths:
            return " right", _figcaption("Right", escape(truths[snippet.name]) + ".")
        end = snippet.span(self.piece.section)[1]
        if snippet.raises and end >= snippet.statements[-1].start:
            right = f" {self._right()}" if snippet.right else ""
            return " error", _figcaption("Raises", f"{escape(snippet.raises.kind)}.{right}")
        return "", ""

    def _right(self):
        path, anchor = self.seen.report.anchors.get(self.snippet.right, (None, ""))
        if path is None:
            return ""
        return f'<a href="{self.seen.link(path)}#{anchor}">The right way</a>'

    @property
    def word(self) -> str:
        """What the mark says: "asserted" only where a line that the frame shows was compared."""
        if self.verdict.status == FAILED:
            return "not true"
        if self.verdict.status == NOT_RUN:
            return f"recorded on {self.snippet.recorded}, not run in this build"
        first, last = self.snippet.span(self.piece.section)
        stated = (line for statement in self.snippet.statements for line in statement.lines)
        compared = self.snippet.wrong or any(first <= line <= last for line in stated)
        return "asserted" if compared else "ran"

    def _mark(self):
        sign, title = MARKS.get(self.word, ("○", f"Recorded, since it {self.verdict.reason}"))
        return _mark(sign, self.word, title)


def hidden(piece, seen: Seen) -> str:
    """Say how many lines of the file ran that the page has not shown so far, or return ""."""
    snippet = seen.snippet(piece.name, piece.section)
    frames = [other for other in seen.page.of(type(piece)) if other.name == piece.name]
    at = frames.index(piece) + 1
    spans = [snippet.span(frame.section) for frame in frames[:at]]
    # What runs below the last frame decides on values in the prose.
    end = spans[-1][1] if at < len(frames) else snippet.span()[1]
    shown = {line for span in spans for line in snippet.working(*span)}
    count = len(snippet.working(1, end) - shown)
    return f"{count} line{'s' * (count > 1)} not shown so far" if count else ""


def graph(graph: Subgraph, drawn: str, anchor: str, caption: str) -> str:
    """Return a drawn autograd graph with what it shows, and how to read it.

    Nodes, edges and values are PyTorch's; a missing edge is read from the code, and says so.
    """
    cut = any(graph.nodes[number].missing for number in graph.reached)
    solid = "solid edges" if cut else "edges"
    asserted = _mark("✓", "asserted", f"Its nodes, {solid} and values were asserted in this build")
    words = CODE.sub(r"<code>\1</code>", escape(caption))
    return (
        f'<figure class="graph" id="{anchor}" data-search-exclude>'
        f'<div class="graph-box" tabindex="0" role="group" aria-label="Graph">{drawn}</div>'
        f"<figcaption>{words} "
        f"<small>Arrows go the way of the backward pass.{DASHED if cut else ''} {asserted}</small>"
        "</figcaption></figure>"
    )


def drawing(anchor: str, drawn: str) -> str:
    """Return a figure of the site; it can be focused, to scroll it."""
    return f'<figure class="drawing" tabindex="0" id="{anchor}">{drawn}</figure>'


def failure(faults: tuple[Fault, ...] | list[Fault]) -> str:
    """Return a red box with what is not true, or ""."""
    if not faults:
        return ""
    text = escape("\n\n".join(map(str, faults)))
    return f'<div class="failure" role="alert"><strong>Not true</strong><pre>{text}</pre></div>'


def _figcaption(word, text):
    return f'<figcaption><strong class="verdict">{word}</strong> {text}</figcaption>'


def _mark(sign, text, title):
    return (
        f'<span class="mark" title="{escape(title)}"><span aria-hidden="true">{sign}</span> '
        f'<span aria-hidden="true">{escape(text)}</span>'
        f'<span class="for-screen-readers">{escape(title)}.</span></span>'
    )
