"""Pages' front matter -> lists of pages, and the index of what PyTorch says.

A page with ``group: NAME`` is a row, symptom and fix, wherever ``{{ pages NAME }}`` stands. A
page with ``errors:`` explains what its snippets raise or warn of, and ``{{ messages }}`` lists
that: each message as it was raised in this build, with an anchor of its own. A page with
``recipe:`` is a row of ``{{ recipes }}``: what it gives, needs, and takes.
"""

import posixpath
import re
from collections import Counter
from dataclasses import dataclass
from itertools import count, pairwise

from proofread.fault import Fault, FaultError, Place
from proofread.judge.bind import bound_text
from proofread.read.page import Bound, fence, fill, parse_page
from proofread.read.snippet import lines_of, squeeze

#: How much of a message its heading shows, in characters.
HEADING = 90


@dataclass(frozen=True)
class Message:
    """One thing that PyTorch says, and the page that explains it."""

    page: object
    kind: str
    text: str
    means: str
    fix: str
    #: Earlier wordings.
    older: tuple
    #: What the snippet states; other wordings that match it are explained too.
    alert: object

    @property
    def shown(self):
        """The text for readers: without what its snippet leaves open, such as paths."""
        if "..." not in self.alert.message:
            return self.text
        return " ".join(self.alert.message.replace("...", "…").split())


def listing(piece, page, report):
    """Write the list that stands at ``piece``. Raises FaultError."""
    made = {"messages": _messages, "pages": _pages, "recipes": _recipes}[piece.kind]
    text = made(piece, page, report)
    return "".join(f"{piece.indent}{line}".rstrip() + "\n" for line in text.splitlines())


def messages(report):
    """List all Messages, in alphabetical order. Raises FaultError for an entry that is wrong."""
    found = [
        _message(entry, page, report)
        for page in report.pages.values()
        for entry in page.meta.get("errors") or ()
    ]
    found.sort(key=lambda message: (message.text.lower().lstrip("'`"), message.kind))
    for one, other in pairwise(found):
        if one.text == other.text:
            place = f"{other.page.path} explains it already"
            raise FaultError(one.page.path, 1, f"'{_start(one.text)}': {place}")
    return found


def faults(pages, report):
    """Find groups that nothing lists, entries that are wrong, messages that none explains."""
    listings = [piece for page in report.pages.values() for piece in page.listings]
    groups = {piece.group for piece in listings if piece.kind == "pages"}
    for page in pages:
        group = page.meta.get("group")
        if group and group not in groups:
            yield Fault(Place(page.path, 1), f"no page lists the group '{group}'")
    if not any(piece.kind == "messages" for piece in listings):
        return
    try:
        known = messages(report)
    except FaultError as error:
        yield error.fault
        return
    gists = {(message.kind, _gist(message.text)) for message in known}
    for verdict in report.verdicts.values():
        for kind, text, line in _said(verdict):
            explained = (kind, _gist(text)) in gists or any(
                message.alert.matches(kind, text) for message in known
            )
            if not explained and not _own(verdict.snippet, line):
                advice = "add it under 'errors:' in the front matter of the page that explains it"
                place = Place(verdict.snippet.path, line)
                yield Fault(place, f"no page explains '{kind}: {_start(text)}': {advice}")


def _pages(piece, page, report):
    rows = [other for other in report.pages.values() if other.meta.get("group") == piece.group]
    if not rows:
        raise FaultError(page.path, piece.line, f"no page has 'group: {piece.group}'")
    lines = ["| What you see | What to do | |", "| --- | --- | --- |"]
    for other in sorted(rows, key=lambda other: other.meta.get("title", "")):
        cells = [_filled(other, other.meta, key, report) for key in ("symptom", "fix")]
        cells.append(_link(other, page))
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines)


def _recipes(piece, page, report):
    head = "| Recipe | You get | Twice differentiable | Without `create_graph` | Seconds |"
    lines = [head, "| --- | --- | --- | --- | --- |"]
    for other in report.pages.values():
        if recipe := other.meta.get("recipe"):
            cells = [_filled(other, recipe, key, report) for key in ("gives", "twice", "forget")]
            cells.insert(0, _link(other, page))
            cells.append(str(_rounded(_seconds(other, report))))
            lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _seconds(page, report):
    """How long the snippets that a page shows ran, all together."""
    names = {piece.name for piece in (*page.includes, *page.figures)}
    outcomes = [report.verdicts[name].outcome for name in names if name in report.verdicts]
    return sum(outcome.seconds for outcome in outcomes if outcome)


def _rounded(seconds):
    """Round up to what two runs agree on: 1, 2, 5, 10, 20, 50, and so on."""
    steps = (step * 10**power for power in count() for step in (1, 2, 5))
    return next(step for step in steps if seconds <= step)


def _messages(piece, page, report):
    blocks, anchors = [], Counter()
    for message in messages(report):
        heading = _start(message.shown).replace("`", "'")
        anchor = re.sub(r"\W+", "-", heading).strip("-").lower()
        anchors[anchor] += 1
        anchor += f"-{anchors[anchor]}" if anchors[anchor] > 1 else ""
        blocks.append(f"## `{heading}` {{ #{anchor} }}\n")
        blocks.append(fence("", "text", f"{message.kind}: {message.shown}"))
        where = _link(message.page, page)
        blocks.append(f"{message.means} **Fix:** {message.fix} **Page:** {where}\n")
        for older in message.older:
            blocks.append(f"Earlier wording: `{older.replace('`', chr(39))}`\n")
    return "\n".join(blocks)


def _message(entry, page, report):
    if not isinstance(entry, dict) or "snippet" not in entry:
        raise FaultError(page.path, 1, "each of 'errors:' has snippet, means and fix")
    verdict = report.verdicts.get(entry["snippet"])
    if verdict is None or not verdict.outcome:
        raise FaultError(page.path, 1, f"'errors:' names {entry['snippet']}, which did not run")
    said = [one for one in _said(verdict) if entry.get("says", "") in f"{one[0]}: {one[1]}"]
    if not said:
        raise FaultError(page.path, 1, f"'errors:' names {entry['snippet']}, which says nothing")
    kind, text, _ = said[-1]
    alerts = [alert for statement in verdict.snippet.statements for alert in statement.alerts]
    alert = next((alert for alert in alerts if alert.matches(kind, text)), None)
    if alert is None:
        raise FaultError(page.path, 1, f"{entry['snippet']} does not state what it raises")
    means, fix = (_filled(page, entry, key, report) for key in ("means", "fix"))
    return Message(page, kind, text, means, fix, tuple(entry.get("older") or ()), alert)


def _said(verdict):
    """Yield (kind, text, line) of each warning and of the exception of a snippet."""
    if not verdict.outcome:
        return
    statements = verdict.snippet.statements
    for warned in verdict.outcome.warnings:
        at = min(warned.statement, len(statements) - 1)
        yield warned.kind, warned.message, statements[at].start
    if error := verdict.outcome.error:
        yield error.kind, error.message, error.line


def _filled(page, entry, key, report):
    """Return a text of the front matter with values bound into it. Raises FaultError."""
    if not isinstance(entry.get(key), str):
        raise FaultError(page.path, 1, f"the front matter lacks '{key}:'")
    parsed = parse_page(page.path, entry[key])
    faults = [fault.message for fault in parsed.faults]
    if not all(isinstance(piece, (str, Bound)) for piece in parsed.pieces):
        faults.append("it holds text and values, and nothing else")
    if faults:
        raise FaultError(page.path, 1, f"'{key}:' in the front matter: {faults[0]}")
    show = {Bound: lambda piece: bound_text(piece, report.verdicts, page)}
    return " ".join(fill(parsed.pieces, show).split())


def _gist(text):
    """What two wordings of a message share that differ in shapes, names and numbers."""
    return re.sub(r"\d+|\[[^\]]*\]|'[^']*'|File .*", "…", squeeze(text))[:HEADING]


def _own(snippet, line):
    """Tell whether a snippet says something itself, by ``raise`` or ``assert``."""
    code = lines_of(snippet.text)[line - 1].split()
    return bool(code) and code[0] in ("raise", "assert")


def _start(text):
    """Return the first words of a message."""
    text = squeeze(text)
    return text if len(text) <= HEADING else text[:HEADING].rpartition(" ")[0] + " …"


def _link(other, page):
    """Link from a page to another one. Raises FaultError for one without a title."""
    if not other.meta.get("title"):
        raise FaultError(other.path, 1, "the front matter lacks 'title:'")
    path = posixpath.relpath(other.path, posixpath.dirname(page.path))
    return f"[{other.meta['title']}]({path})"
