"""Pieces that a program of the site makes: parts of measurements, and of the theme."""

import re
from functools import cache
from pathlib import Path
from runpy import run_path
from typing import NamedTuple, Protocol

from proofread.judge.bind import Seen

#: In a part of the theme: a path on the site, which becomes the page's own relative URL.
SITE_PATH = re.compile(r'(?<=")site:([^"]+)')


class Drawing(Protocol):
    """A drawing as matplotlib writes it, and what it shows in words."""

    svg: str
    words: str


class Markup(NamedTuple):
    """HTML, to stand in the page as it is."""

    html: str


def measured(seen: Seen, bind, what: str = "", *words: str) -> str | Drawing:
    """Return a part of a measured page: ``PIECES[part]`` of ``measured/ROOM/page.py``.

    ``what`` is ``room:part``. Raises LookupError if there is none.
    """
    room, _, part = what.partition(":")
    pieces = rooms(seen.report.root, room)
    if part not in pieces:
        raise LookupError(f"{room} has no part '{part}' (has: {', '.join(pieces)})")
    return pieces[part](seen, *words)


@cache
def rooms(root: Path, room: str) -> dict:
    """Return what ``measured/ROOM/page.py`` offers. Raises LookupError if it is not there."""
    path = root / "measured" / room / "page.py"
    if not room or not path.is_file():
        raise LookupError(f"there is no measured/{room or 'ROOM'}/page.py")
    return run_path(str(path))["PIECES"]


def theme(seen: Seen, bind, name: str = "") -> Markup:
    """Return a part of the theme, ``theme/NAME``. Raises LookupError if it is not there."""
    path = seen.report.root / "theme" / name
    if not name or not path.is_file():
        raise LookupError(f"there is no theme/{name or 'FILE'}")
    link = seen.link or (lambda path: path)
    return Markup(SITE_PATH.sub(lambda m: link(m[1]), path.read_text(encoding="utf-8")))
