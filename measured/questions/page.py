"""What people ask, whether this site answers it, and whether its search finds the answer.

``asked/AREA.toml`` holds the questions, ``answers.json`` {address: (score, page, why)} as somebody
judged who did not write the pages, and ``data.json`` what the search found first.
"""

import hashlib
import tomllib
from collections.abc import Container, Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

from measured import kit

ROOM = Path(__file__).parent
ASKED, ANSWERS, FILE = ROOM / "asked", ROOM / "answers.json", ROOM / "data.json"
#: What was measured before: a list of {"after": what, half: the line of the whole}.
HISTORY = ROOM / "history.json"
#: {address: two scores} of some of the half that is only measured, by two judges of one site.
AGAIN = ROOM / "again.json"
#: The half that authors look at while they write, and the half that is only measured.
HALVES = ("looked", "kept")
#: Results of a search that a reader takes in at a glance.
GLANCE = 3
HEAD = ("Area", "Questions", "Answered", "First", f"Among {GLANCE}", "Message first")


class Question(NamedTuple):
    """What somebody asked in public, in our words."""

    #: Its address, and those of others with the same substance.
    url: str
    also: list[str]
    year: int
    area: str
    situation: str
    message: str
    #: What that person would type into a search box.
    query: str
    answer: str
    #: How the answer is known: it was run, or stands in the thread or in the source.
    basis: str
    #: How many people seem to have met it.
    people: int

    @property
    def half(self) -> str:
        """The half that it falls into, by a hash of its address."""
        return HALVES[hashlib.sha256(self.url.encode()).digest()[0] % 2]


class Result(NamedTuple):
    """What became of one question."""

    question: Question
    #: 1: cause and working fix on one page, for this reader; ½: in part; 0: not at all.
    score: float
    #: Where the page is among the first results for what they would type, and for the message that
    #: they would paste, from 0; None if it is not, or if there is no page or no message.
    place: int | None
    pasted: int | None


def questions() -> list[Question]:
    """All questions, by area and address."""
    paths = sorted(ASKED.glob("*.toml"))
    return [one for path in paths for one in asked(path, path.stat().st_mtime_ns)]


@cache
def asked(path: Path, saved: int) -> list[Question]:
    """The questions of an area, read once after each time that its file was saved."""
    found = tomllib.loads(path.read_text(encoding="utf-8"))["question"]
    return [Question(area=path.stem, **{"also": [], "message": "", **one}) for one in found]


def results(data: dict | None = None) -> list[Result]:
    """What became of each question that was judged, by default as it was last measured."""
    answers, data = kit.load(ANSWERS), data or {"found": {}, "pasted": {}, **kit.load(FILE)}
    found = []
    for one in questions():
        if one.url in answers:
            score, page, _ = answers[one.url]
            places = (place(page, data[how].get(one.url, ())) for how in ("found", "pasted"))
            found.append(Result(one, score, *places))
    return found


def learned(without: Container[str] = ()) -> dict[str, dict[str, list[str]]]:
    """Return {source of a page: what readers asked, and their situation} of the looked half.

    The search knows pages by these words too; ``without`` leaves questions out, by address.
    """
    answers, found = kit.load(ANSWERS), {}
    for one in questions():
        if one.half == HALVES[0] and one.url in answers and one.url not in without:
            for page in answers[one.url][1].split():
                mine = found.setdefault(f"docs/{page}.md", {"asked": [], "told": []})
                mine["asked"] += filter(None, (one.query, one.message))
                mine["told"].append(one.situation)
    return found


def place(page: str, found: Iterable[str]) -> int | None:
    """Where a page is among what was found; several pages that serve are divided by a space."""
    return next((n for n, one in enumerate(found) if page and one in page.split()), None)


def table(seen, half: str) -> str:
    """Areas, and for each the share answered, found first, and found at a glance."""
    if half not in HALVES:
        raise LookupError(f"there is no half {half}, only {' and '.join(HALVES)}")
    mine = [one for one in results() if one.question.half == half]
    areas = sorted({one.question.area for one in mine})
    rows = [row(area, [one for one in mine if one.question.area == area]) for area in areas]
    return kit.table(HEAD, [*rows, row("**All**", mine)], numbers=True)


def row(name: str, of: list[Result]) -> tuple:
    """The line of an area. What is found is a share of what is answered, at least in part."""
    there = [one for one in of if one.score]
    answered = sum(one.score for one in of) / len(of)
    first, glance = share(p.place == 0 for p in there), share(p.place is not None for p in there)
    pasted = share(one.pasted == 0 for one in there if one.question.message)
    return name, len(of), f"{answered:.0%}", first, glance, pasted


def share(of: Iterable[bool]) -> str:
    """How many of them are so, in percent."""
    of = list(of)
    return f"{sum(of) / len(of):.0%}" if of else "none"


def history(seen) -> str:
    """What was measured before, and now."""
    now = {half: row("", [p for p in results() if p.question.half == half]) for half in HALVES}
    known = [*kit.load(HISTORY)["measured"], {"after": "now", **now}]
    rows = [(one["after"], half, *one[half][1:]) for one in known for half in HALVES]
    return kit.table(("When", "Half", *HEAD[1:]), rows)


def agreement(seen) -> str:
    """Of how many questions two judges said the same."""
    again = kit.load(AGAIN)
    return f"{sum(one == other for one, other in again.values())} of {len(again)}"


PIECES = {"table": table, "history": history, "agreement": agreement}
