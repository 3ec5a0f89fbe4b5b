"""What a page is made of: the part of a report that its pieces see, and a key to it.

A page is written from its part alone, so what is not in the key cannot be on the page: a piece that
asks for more finds nothing, and says so. Makers may look at everything; what they made of it is in
the key instead. A page with the same key need not be written again.
"""

import hashlib
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

from proofread.fault import FaultError
from proofread.judge.bind import Seen
from proofread.judge.verdict import Report, Verdict
from proofread.read.page import Page
from proofread.run.cache import digest
from proofread.show.kinds import Made
from proofread.show.made import Markup

#: What makers read beside the report, in a project's folder.
BESIDE = ("measured", "theme")


class Ingredients:
    """The parts of one report, page by page; ``texts`` holds what each page's file says."""

    def __init__(self, report: Report, texts: dict[str, str], known: dict[str, tuple]):
        self.report, self.texts = report, texts
        #: Snippet name -> (what was verified, the digest of it), and page path -> (all that there
        #: was, what was made of it); lives on from report to report.
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
        near = self._near(page) & self.report.verdicts.keys()
        seen = [self.report.anchors.get(name) for name in sorted(near)]
        seen += [self.digest(name) for name in sorted(near)]
        made = self._made(page) if part is self.report else ""
        return digest([page.path, self.texts[page.path], seen, made])

    def digest(self, name: str) -> str:
        """Return a digest of what is known of a snippet."""
        verdict = self.report.verdicts[name]
        known = self.known.get(name)
        if not known or not _same(known[0], verdict):
            text = verdict.snippet.text if verdict.snippet else ""
            what = [name, text, verdict.reason, repr(verdict.faults), repr(verdict.outcome)]
            self.known[name] = known = verdict, digest(what)
        return known[1]

    def _near(self, page):
        """The snippets of a page, those that they are compared with, and those compared to them."""
        snippets = [v.snippet for name in page.names if (v := self.report.verdicts.get(name))]
        right = {snippet.right for snippet in snippets if snippet}
        return page.names | right | {one for name in page.names for one in self._wrong[name]}

    def _part(self, page):
        report, names = self.report, page.names
        if not names or page.of(Made) or not names <= report.verdicts.keys():
            return report
        near = self._near(page)
        return replace(
            report,
            verdicts={name: v for name, v in report.verdicts.items() if name in near},
            anchors={name: at for name, at in report.anchors.items() if name in near},
            pages={page.path: page},
            faults=[],
            shown={},
            existing=frozenset(),
        )

    def _made(self, page):
        """Return a digest of what makers make for a page, and of what it says of all snippets."""
        report, everything = self.report, self._everything()
        if self.known.get(page.path, ("",))[0] != everything:
            makes = [_outcome(piece, Seen(page, report)) for piece in page.of(Made)]
            known = sorted(report.existing) if page.names - report.verdicts.keys() else ""
            stamps = {f"{v.status} {report.date(v)}" for v in report.verdicts.values()}
            self.known[page.path] = everything, digest([makes, known, sorted(stamps)])
        return self.known[page.path][1]

    def _everything(self):
        """Return a digest of all of the report, and of what makers read beside it."""
        if not self._all:
            beside = [folder(self.report.root / name) for name in BESIDE]
            verdicts = [self.digest(name) for name in self.report.verdicts]
            named = sorted(self.report.existing)
            self._all = digest([self.texts, named, beside, verdicts])
        return self._all


def _outcome(piece: Made, seen: Seen) -> str | list[str] | Markup:
    """Return what a maker makes, or why it makes nothing."""
    try:
        made = piece.make(seen)
    except FaultError as error:
        return str(error)
    return made if isinstance(made, str | Markup) else [made.svg, made.words]


def folder(path: Path) -> str:
    """Return the digest of a file, or of all files below a folder, but those that Python wrote."""
    files = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.is_file())
    kept = {file: hashlib.sha256(file.read_bytes()) for file in files if file.suffix != ".pyc"}
    return digest([[p.relative_to(path).as_posix(), sha.hexdigest()] for p, sha in kept.items()])


def _same(one: Verdict, other: Verdict) -> bool:
    """Tell whether two verdicts are of the same run, without a look into what it gave."""
    run = one.snippet is other.snippet and one.outcome is other.outcome
    return run and (one.faults, one.reason) == (other.faults, other.reason)
