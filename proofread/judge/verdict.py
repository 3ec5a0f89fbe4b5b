"""What is known after verification: a Verdict on each snippet, and a Report on a project."""

import os
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from proofread.fault import Fault, Place
from proofread.judge.compare import value_as_stated
from proofread.read.page import Page
from proofread.read.snippet import Snippet
from proofread.run.cache import environment
from proofread.run.job import Outcome

VERIFIED, FAILED, NOT_RUN = "verified", "failed", "not run here"


@dataclass(frozen=True)
class Verdict:
    """What is known of one snippet after verification."""

    name: str
    #: None if the file could not be read or parsed.
    snippet: Snippet | None
    #: None if it did not run.
    outcome: Outcome | None
    faults: tuple[Fault, ...]
    #: Why it cannot run here, or "".
    reason: str = ""
    cached: bool = False

    @property
    def status(self) -> str:
        """Say whether it is verified, failed, or cannot run here."""
        if self.faults:
            return FAILED
        return NOT_RUN if self.reason else VERIFIED

    @property
    def values(self) -> dict[str, Any]:
        """The values that a page can show: the final globals, and the error's text."""
        if not self.outcome:
            return {}
        error = self.outcome.error
        text = {"error": f"{error.kind}: {error.message}"} if error else {}
        return {**self.outcome.values, **text}


def given_day() -> str:
    """Return the day of SOURCE_DATE_EPOCH, the usual sign that builds must be equal, or ""."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    return datetime.fromtimestamp(int(epoch), UTC).date().isoformat() if epoch else ""


@dataclass
class Report:
    """The verdict on a project."""

    verdicts: dict[str, Verdict]
    faults: list[Fault]
    #: Snippet name -> places that show or quote it.
    shown: dict[str, list[Place]]
    #: Snippet name -> (page path, anchor) where its code is first shown.
    anchors: dict[str, tuple[str, str]]
    #: Page path -> Page.
    pages: dict[str, Page] = field(default_factory=dict)
    #: The project's folder, that of its snippets as authors type it, and the names of all of them.
    root: Path = Path()
    folder: str = "snippets"
    existing: frozenset = frozenset()
    seconds: float = 0.0
    environment: dict[str, Any] = field(default_factory=environment)
    #: The day that it is made as of, where builds must be equal; otherwise "".
    day: str = field(default_factory=given_day)

    @cached_property
    def truths(self) -> dict[str, str]:
        """What its own run gave for each snippet, by name, that another does wrong."""
        read = [verdict.snippet for verdict in self.verdicts.values() if verdict.snippet]
        found = {}
        for right, wrong in [(s.right, s.wrong) for s in reversed(read) if s.right and s.wrong]:
            verdict = self.verdicts.get(right)
            if verdict and verdict.outcome and wrong.name in verdict.outcome.values:
                value = value_as_stated(verdict.outcome.values[wrong.name], wrong.truth)
                found[right] = f"{wrong.name} is {value}"
        return found

    def date(self, verdict: Verdict) -> str | None:
        """Return the UTC day on which a snippet ran."""
        return (self.day or verdict.outcome.date) if verdict.outcome else None

    def closing_line(self) -> str:
        """Say in one line what was verified, and how."""
        status = Counter(verdict.status for verdict in self.verdicts.values())
        cached = Counter(v.cached for v in self.verdicts.values() if v.outcome)
        return (
            f"verified {status[VERIFIED]} snippets: {cached[False]} run, "
            f"{cached[True]} from cache, {status[NOT_RUN]} not run here, "
            f"in {self.seconds:.1f} s"
        )

    def slowest(self, count: int) -> list[tuple[float, str]]:
        """Return the seconds and the paths of the snippets that take longest."""
        ran = [
            (verdict.outcome.seconds, f"{self.folder}/{name}")
            for name, verdict in self.verdicts.items()
            if verdict.outcome
        ]
        return sorted(ran, key=lambda pair: (-pair[0], pair[1]))[:count]

    def not_run(self) -> list[str]:
        """Return a line for each snippet that could not run here."""
        return [
            f"not run here: {v.snippet.path} ({v.reason}); recorded on {v.snippet.recorded}"
            for v in self.verdicts.values()
            if v.snippet and v.status == NOT_RUN
        ]

    def to_json(self) -> dict[str, Any]:
        """Return what the site publishes as ``verified.json``."""
        return {
            "environment": {k: v for k, v in self.environment.items() if k != "packages"},
            "snippets": [self._entry(verdict) for verdict in self.verdicts.values()],
        }

    def _entry(self, verdict):
        snippet = verdict.snippet
        return {
            "path": snippet.path if snippet else verdict.name,
            "pages": sorted({place.path for place in self.shown.get(verdict.name, ())}),
            "sha256": snippet.digest if snippet else None,
            "asserted": snippet.asserted if snippet else 0,
            "status": verdict.status,
            "reason": verdict.reason,
            # No two runs agree on it.
            "seconds": None if self.day or not verdict.outcome else verdict.outcome.seconds,
            "date": self.date(verdict),
        }
