"""What PyTorch says in the snippets of a site, against the pages that explain it.

A page that has ``errors:`` in its front matter explains what its snippets raise or warn of.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import msgspec

from proofread.fault import Fault, FaultError, Place
from proofread.judge.verdict import Report, Verdict
from proofread.read.page import Page
from proofread.read.snippet import Alert, lines_of, squeeze

#: How much of a message stands for it, in characters.
HEADING = 90
#: What a statement prints that caught an exception.
CAUGHT = re.compile(r"(?P<kind>[\w.]*(?:Error|Exception|Warning)): (?P<text>.*)")


class Explained(msgspec.Struct):
    """An entry of ``errors:``: what one snippet raises, warns of, or catches and prints."""

    snippet: str
    means: str
    fix: str
    #: A part of the message, where the snippet says several.
    says: str = ""
    #: Earlier wordings.
    older: list[str] = []
    #: Others with the same cause and fix, read in the sources of PyTorch or of a library.
    also: list[str] = []


class Recipe(msgspec.Struct):
    """``recipe:``, a row in the list of methods."""

    gives: str
    twice: str
    forget: str


class Front(msgspec.Struct):
    """The front matter, as far as lists are made of it."""

    title: str = ""
    group: str = ""
    symptom: str = ""
    fix: str = ""
    #: Why it happens, where the fix does not apply, and who is at fault.
    cause: str = ""
    unless: str = ""
    whose: str = ""
    #: Where it stands in its list: what people meet most often comes first.
    rank: int = 1000
    errors: list[Explained] | None = None
    recipe: Recipe | None = None


@dataclass(frozen=True)
class Message:
    """One thing that PyTorch says, and the page that explains it."""

    page: Page
    kind: str
    text: str
    entry: Explained
    #: What the snippet states; other wordings that match it are explained too.
    alert: Alert

    @property
    def shown(self) -> str:
        """The text for readers: without what its snippet leaves open, such as paths."""
        if "..." not in self.alert.message:
            return self.text
        return " ".join(self.alert.message.replace("...", "…").split())


def front(page: Page) -> Front:
    """Return the front matter of a page. Raises FaultError if it has another shape."""
    try:
        return msgspec.convert(page.meta, Front)
    except msgspec.ValidationError as error:
        raise FaultError(page.path, 1, f"front matter: {error}") from None


def messages(report: Report) -> list[Message]:
    """List all Messages, in alphabetical order. Raises FaultError for an entry that is wrong."""
    found = [
        _message(entry, page, report)
        for page in report.pages.values()
        for entry in front(page).errors or ()
    ]
    found.sort(key=lambda message: (message.text.lower().lstrip("'`"), message.kind))
    for one, other in pairwise(found):
        if one.text == other.text:
            place = f"{other.page.path} explains it already"
            raise FaultError(one.page.path, 1, f"'{start_of(one.text)}': {place}")
    return found


def unexplained(report: Report) -> Iterator[Fault]:
    """Find the messages that no page explains, and entries that are wrong."""
    try:
        known = messages(report)
    except FaultError as error:
        yield error.fault
        return
    gists = {(message.kind, _gist(message.text)) for message in known}
    for verdict in report.verdicts.values():
        for kind, text, line in _said(verdict):
            snippet = verdict.snippet
            explained = (kind, _gist(text)) in gists or any(
                message.alert.matches(kind, text) for message in known
            )
            code = lines_of(snippet.text)[line - 1].split() if snippet else []
            # What a snippet says itself is not PyTorch's.
            if snippet and not explained and code[:1] not in (["raise"], ["assert"]):
                advice = "add it under 'errors:' in the front matter of the page that explains it"
                place = Place(snippet.path, line)
                yield Fault(place, f"no page explains '{kind}: {start_of(text)}': {advice}")


def unlisted(pages: Iterable[Page], groups: set[str]) -> Iterator[Fault]:
    """Find pages of a group that none of the listed ``groups`` is."""
    for page in pages:
        try:
            group = front(page).group
        except FaultError:
            continue  # It has a fault of its own.
        if group and group not in groups:
            yield Fault(Place(page.path, 1), f"no page lists the group '{group}'")


def start_of(text: str) -> str:
    """Return the first words of a message."""
    text = squeeze(text)
    return text if len(text) <= HEADING else text[:HEADING].rpartition(" ")[0] + " …"


def _message(entry: Explained, page: Page, report: Report) -> Message:
    verdict = report.verdicts.get(entry.snippet)
    if verdict is None or not verdict.outcome or not verdict.snippet:
        raise FaultError(page.path, 1, f"'errors:' names {entry.snippet}, which did not run")
    said = [one for one in _said(verdict) if entry.says in f"{one[0]}: {one[1]}"]
    if not said and entry.says:
        for kind, text in _caught(verdict):
            if entry.says in f"{kind}: {text}":
                return Message(page, kind, text, entry, Alert(kind, text))
    if not said:
        raise FaultError(page.path, 1, f"'errors:' names {entry.snippet}, which says nothing")
    kind, text, _ = said[-1]
    alerts = [alert for statement in verdict.snippet.statements for alert in statement.alerts]
    alert = next((alert for alert in alerts if alert.matches(kind, text)), None)
    if alert is None:
        raise FaultError(page.path, 1, f"{entry.snippet} does not state what it raises")
    return Message(page, kind, text, entry, alert)


def _said(verdict: Verdict) -> Iterator[tuple[str, str, int]]:
    """Yield (kind, text, line) of each warning and of the exception of a snippet."""
    if not verdict.outcome or not verdict.snippet:
        return
    statements = verdict.snippet.statements
    for warned in verdict.outcome.warnings:
        at = min(warned.statement, len(statements) - 1)
        yield warned.kind, warned.message, statements[at].start
    if error := verdict.outcome.error:
        yield error.kind, error.message, error.line


def _caught(verdict: Verdict) -> Iterator[tuple[str, str]]:
    """Yield (kind, text) of each message that is all that a statement prints."""
    for output in verdict.outcome.outputs if verdict.outcome else ():
        if found := CAUGHT.fullmatch(squeeze(output)):
            yield found["kind"], found["text"]


def _gist(text: str) -> str:
    """What two wordings of a message share that differ in shapes, names and numbers."""
    return re.sub(r"\d+|\[[^\]]*\]|'[^']*'|File .*", "…", squeeze(text))[:HEADING]
