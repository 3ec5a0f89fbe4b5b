"""What is known after verification: a Verdict on each snippet, and a Report on a project."""

import os
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from proofread.fault import Fault
from proofread.read.snippet import Snippet
from proofread.run.cache import environment
from proofread.run.runner import Outcome

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
    def status(self):
        if self.faults:
            return FAILED
        return NOT_RUN if self.reason else VERIFIED

    @property
    def date(self):
        """The UTC day on which it ran; that of SOURCE_DATE_EPOCH where builds must be equal."""
        epoch = os.environ.get("SOURCE_DATE_EPOCH")
        if epoch and self.outcome:
            return datetime.fromtimestamp(int(epoch), UTC).date().isoformat()
        return self.outcome.date if self.outcome else None

    @property
    def seconds(self):
        """How long it ran; no two runs agree, so None where builds must be equal."""
        equal = os.environ.get("SOURCE_DATE_EPOCH")
        return self.outcome.seconds if self.outcome and not equal else None

    @property
    def value_names(self):
        return sorted(self.values)

    @property
    def values(self):
        """The values that a page can show: the final globals, and the error's text."""
        if not self.outcome:
            return {}
        error = self.outcome.error
        text = {"error": f"{error['kind']}: {error['message']}"} if error else {}
        return {**text, **self.outcome.values}


@dataclass
class Report:
    """The verdict on a project."""

    verdicts: dict
    faults: list
    #: Snippet name -> places that show or quote it.
    shown: dict
    #: Snippet name -> (page path, anchor) where its code is first shown.
    anchors: dict
    #: Page path -> Page.
    pages: dict = field(default_factory=dict)
    #: The project's folder, that of its snippets as authors type it, and the names of all of them.
    root: Path = Path()
    folder: str = "snippets"
    existing: frozenset = frozenset()
    seconds: float = 0.0
    environment: dict = field(default_factory=environment)

    @cached_property
    def truths(self):
        """Name of each snippet that does right what another does wrong -> what is true."""
        wrong = [v.snippet for v in self.verdicts.values() if v.snippet and v.snippet.wrong]
        return {s.right: f"{s.wrong.name} is {s.wrong.truth}" for s in reversed(wrong)}

    def count(self, **wanted):
        """Count verdicts with these attributes."""
        return sum(
            all(getattr(verdict, key) == value for key, value in wanted.items())
            for verdict in self.verdicts.values()
        )

    def closing_line(self):
        """One line: what was verified, and how."""
        ran = sum(v.outcome is not None and not v.cached for v in self.verdicts.values())
        return (
            f"verified {self.count(status=VERIFIED)} snippets: {ran} run, "
            f"{self.count(cached=True)} from cache, {self.count(status=NOT_RUN)} not run here, "
            f"in {self.seconds:.1f} s"
        )

    def not_run(self):
        """A line for each snippet that could not run here."""
        return [
            f"not run here: {verdict.snippet.path} ({verdict.reason}); "
            f"recorded on {verdict.snippet.recorded}"
            for verdict in self.verdicts.values()
            if verdict.status == NOT_RUN
        ]

    def to_json(self):
        """What the site publishes as ``verified.json``."""
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
            "seconds": verdict.seconds,
            "date": verdict.date,
        }
