"""Values, figures and graphs of snippets, for the places on pages that name them."""

import difflib
import re
from collections.abc import Callable
from dataclasses import dataclass

from proofread.fault import FaultError
from proofread.judge.graph import Subgraph
from proofread.judge.verdict import Report, Verdict
from proofread.read.page import Page
from proofread.read.snippet import Snippet
from proofread.run.job import Outcome

#: Formats that tell how many digits of a number are shown, or how much of a text.
DIGITS, BEGINNING = re.compile(r"\+?,?(\.\d+)?[defg%]?"), re.compile(r"\.[1-9]\d+s")


@dataclass(frozen=True)
class Seen:
    """A page, and all that was verified: what its pieces are written from."""

    page: Page
    report: Report
    #: From a page's source path, or a path on the site, to the URL to write; None off the site.
    link: Callable[[str], str] | None = None

    def snippet(self, name: str, section: str | None = None) -> Snippet | None:
        """Return the snippet to show, or None if it or its section cannot be shown."""
        verdict = self.report.verdicts.get(name)
        snippet = verdict.snippet if verdict else None
        known = snippet and (section is None or section in snippet.sections)
        return snippet if known else None

    def value(self, name: str, value: str, form: str, line: int) -> str:
        """Return the text of a snippet's value, as this page shows it. Raises FaultError."""
        values = self._ran(name, line)[0].values
        if value not in values:
            known = ", ".join(sorted(values)) or "none"
            raise self.fault(line, f"{name} has no value '{value}' (has: {known})")
        try:
            return format_value(values[value], form)
        except (ValueError, TypeError, OverflowError) as error:
            raise self.fault(line, f"cannot format {value} as {form!r}: {error}") from None

    def figure(self, name: str, figure: str, line: int) -> str:
        """Return the SVG text of a snippet's figure. Raises FaultError."""
        figures = self._ran(name, line)[1].figures
        if figure not in figures:
            known = ", ".join(sorted(figures)) or "none"
            raise self.fault(line, f"{name} has no figure '{figure}' (has: {known})")
        return figures[figure]

    def graph(self, name: str, roots: tuple[str, ...], saved: bool, line: int) -> Subgraph:
        """Return the autograd graph below these variables of a snippet. Raises FaultError."""
        nodes = self._ran(name, line)[1].nodes
        if not nodes:
            lacks = "no autograd graph among its globals, or one too large to draw"
            raise self.fault(line, f"{name} has {lacks}")
        try:
            return Subgraph.below(nodes, roots, saved)
        except KeyError as error:
            known = ", ".join(sorted(name for node in nodes for name in node.names))
            message = f"the graph of {name} has no variable {error} (has: {known})"
            raise self.fault(line, message) from None

    def fault(self, line: int, message: str, diff: str = "", accept: str = "") -> FaultError:
        """Return what is wrong on this page, to be raised."""
        return FaultError(self.page.path, line, message, diff, accept)

    def _ran(self, name: str, line: int) -> tuple[Verdict, Outcome]:
        verdict = self.report.verdicts.get(name)
        if verdict is None:
            raise self.fault(line, f"no such snippet: {name}")
        if verdict.outcome is None or verdict.outcome.ended != "done":
            raise self.fault(line, f"{name} has no values: it did not run to an end")
        return verdict, verdict.outcome


def same_lines(stated: list[str], happened: list[str]) -> str:
    """Return the difference of two lists of lines, or ""."""
    lines = difflib.unified_diff(stated, happened, "stated", "happened", n=1, lineterm="")
    return "\n".join(lines)


def format_value(value: object, form: str = "") -> str:
    """Write a value for prose; without a format, numbers have at most six digits.

    Raises ValueError if the format does not suit the value, or would show another one.
    """
    if isinstance(value, list):
        return "[" + ", ".join(format_value(item, form) for item in value) + "]"
    if form:
        text = isinstance(value, str)
        if isinstance(value, bool) or not (BEGINNING if text else DIGITS).fullmatch(form):
            raise ValueError("a number takes .2f, .0e, .1% or the like, and a text .64s")
        return format(value, form)
    if isinstance(value, float):
        return f"{value:.6g}"
    return str(value)
