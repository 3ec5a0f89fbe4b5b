"""Places in a page's HTML: kept while Markdown is converted, found again exactly once."""

import re
from collections.abc import Callable

from proofread.judge.bind import Seen
from proofread.read.page import Piece

#: Where Pygments' block ends.
BLOCK_END = "</pre></div>"
LOST = "is no block of its own on the page: is it indented too far, or in a comment?"


def place(anchor: str) -> str:
    """Return an element that Markdown leaves alone, to be filled later."""
    return f'<span class="piece" id="{anchor}"></span>'


def fill_place(html: str, piece: Piece, filling: str, seen: Seen) -> str:
    """Fill the place that ``place`` kept. Raises FaultError unless there is just one."""
    kept = re.escape(place(piece.anchor))
    parts = re.split(rf"<p>{kept}</p>|{kept}", html)
    if len(parts) != 2:
        raise seen.fault(piece.line, f"'{piece.anchor}' {LOST}")
    return filling.join(parts)


def framed(html: str, piece: Piece, language: str, make: Callable[[str], str], seen: Seen) -> str:
    """Frame a highlighted block. Raises FaultError unless it is there, once."""
    mark = f'id="{piece.anchor}" class="language-{language}'
    at = html.find(mark)
    start, end = html.rfind("<div", 0, at), html.find(BLOCK_END, at)
    if at < 0 or html.find(mark, at + 1) >= 0 or start < 0 or end < 0:
        raise seen.fault(piece.line, f"'{piece.anchor}' {LOST}")
    end += len(BLOCK_END)
    return html[:start] + make(html[start:end]) + html[end:]
