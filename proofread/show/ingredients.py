"""What a page is made of: the part of a report that its pieces see, and a key to it.

A page is written from its part alone, so what is not in the key cannot be on the page: a piece that
asks for more finds nothing, and says so. A page with the same key need not be made again.
"""

import hashlib
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

from proofread.judge.verdict import Report, Verdict
from proofread.read.page import Page
from proofread.run.cache import digest
from proofread.show.kinds import Made

#: What makers read beside the report, in a project's folder.
BESIDE = ("measured", "theme")


class Ingredients:
    """The parts of one report, page by page; ``texts`` holds what each page's file says."""

    def __init__(self, report: Report, texts: dict[str, str], known: dict[str, tuple]):
        self.report, self.texts = report, texts
        #: Snippet name -> (what was verified, the digest of it); lives on from report to report.
        self.known = known
        self._parts: dict[str, Report] = {}
        self._all = ""
        #: Snippet name -> those that are wrong, and name it as the right one.
        self._wrong = defaultdict(list)
        for name, verdict in report.verdicts.items():
            if verdict.snippet and verdict.snippet.right:
                self._wrong[verdict.snippet.right].append(name)

    def part(self, page: Page) -> Report:
        """Return what a page's pieces see: its snippets' verdicts, and those of their twins."""
        if page.path not in self._parts:
            self._parts[page.path] = self._part(page)
        return self._parts[page.path]

    def key(self, page: Page) -> str:
        """Return a digest of all that a page is written from."""
        part = self.part(page)
        seen = self._everything() if part is self.report else self._digests(part)
        return digest([page.path, self.texts[page.path], seen])

    def digest(self, name: str) -> str:
        """Return a digest of what is known of a snippet."""
        verdict = self.report.verdicts[name]
        known = self.known.get(name)
        if not known or not _same(known[0], verdict):
            text = verdict.snippet.text if verdict.snippet else ""
            what = [name, text, verdict.reason, repr(verdict.faults), repr(verdict.outcome)]
            self.known[name] = known = verdict, digest(what)
        return known[1]

    def _part(self, page):
        report, names = self.report, page.names
        if not names or page.of(Made) or not names <= report.verdicts.keys():
            return report
        snippets = [report.verdicts[name].snippet for name in names]
        near = names | {snippet.right for snippet in snippets if snippet}
        near |= {wrong for name in names for wrong in self._wrong[name]}
        return replace(
            report,
            verdicts={name: v for name, v in report.verdicts.items() if name in near},
            anchors={name: at for name, at in report.anchors.items() if name in near},
            pages={page.path: page},
            faults=[],
            shown={},
            existing=frozenset(),
        )

    def _digests(self, part):
        return [sorted(part.anchors.items()), *map(self.digest, part.verdicts)]

    def _everything(self):
        """All of the report, and what makers read beside it."""
        if not self._all:
            beside = [folder(self.report.root / name) for name in BESIDE]
            named = sorted(self.report.existing)
            self._all = digest([self.texts, named, beside, *self._digests(self.report)])
        return self._all


def folder(path: Path) -> str:
    """Return the digest of a file, or of all files below a folder, but those that Python wrote."""
    files = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.is_file())
    kept = {file: hashlib.sha256(file.read_bytes()) for file in files if file.suffix != ".pyc"}
    return digest([[p.relative_to(path).as_posix(), sha.hexdigest()] for p, sha in kept.items()])


def _same(one: Verdict, other: Verdict) -> bool:
    """Tell whether two verdicts are of the same run, without a look into what it gave."""
    run = one.snippet is other.snippet and one.outcome is other.outcome
    return run and (one.faults, one.reason) == (other.faults, other.reason)
