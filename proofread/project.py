"""A repository's pages and snippets, checked as a whole.

Both doors call this: it knows which page shows which snippet, and nothing of MkDocs.
"""

import codecs
import shutil
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from proofread.fault import Fault, FaultError, Place, read_text
from proofread.judge.bind import bound_text, drawing, graph_stated, subgraph
from proofread.judge.compare import restate
from proofread.judge.verdict import Report
from proofread.judge.verify import Verifier
from proofread.read.page import read_page, with_outline
from proofread.show.expand import figure_file, plain
from proofread.show.lists import faults as catalogue_faults
from proofread.show.lists import listing


class Project:
    """``docs/``, ``snippets/`` and the cache of one repository."""

    def __init__(self, root=".", docs="docs", snippets="snippets", cache=".cache/proofread", **how):
        self.root = Path(root).resolve()
        self.docs, self.snippets = self.root / docs, self.root / snippets
        self.verifier = Verifier(self.snippets, self.root, self.root / cache, **how)

    def close(self):
        """Stop what runs in the background."""
        self.verifier.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def check(self, paths=(), use_cache=True, progress=lambda done, total: None):
        """Verify the snippets and pages under ``paths``, or all; return a Report.

        Raises FaultError for a path that is neither.
        """
        started = time.monotonic()
        pages, faults = self._pages()
        shown, anchors = _shown(pages), _anchors(pages)
        everything = {page.path: page for page in pages}
        names, pages = self._select(paths, pages)
        found = self._existing()
        verdicts = self.verifier.verify(names & found, use_cache, progress, found)
        report = Report(verdicts, faults, shown, anchors, everything)
        for verdict in verdicts.values():
            places = tuple(shown.get(verdict.name, ()))
            report.faults += [replace(fault, shown=places) for fault in verdict.faults]
        for page in pages:
            report.faults += self.page_faults(page, report)
        if not paths:
            report.faults += self._unused(report, pages)
            report.faults += catalogue_faults(pages, report)
        report.faults = list(dict.fromkeys(report.faults))
        report.seconds = time.monotonic() - started
        return report

    def page(self, path):
        """Read and parse the page at ``path``. Raises FaultError if it is not UTF-8."""
        return read_page(Path(path), Path(path).relative_to(self.root).as_posix())

    def page_faults(self, page, report):
        """List what is wrong with a page, given the verdicts."""
        faults = list(page.faults)
        for piece in page.includes:
            fault = self._include_fault(page, piece, report)
            faults += [fault] if fault else []
        checks = [
            lambda piece=piece: bound_text(piece, report.verdicts, page) for piece in page.bounds
        ]
        checks += [
            lambda piece=piece: drawing(piece, report.verdicts, page) for piece in page.figures
        ]
        checks += [lambda piece=piece: listing(piece, page, report) for piece in page.listings]
        checks += [
            lambda piece=piece: graph_stated(piece, report.verdicts, page) for piece in page.graphs
        ]
        for check in checks:
            try:
                check()
            except FaultError as error:
                faults.append(error.fault)
        return faults

    def update(self, report):
        """Rewrite what snippets that ran to an end, and their graphs on pages, are stated to be.

        Returns the paths of the files that changed.
        """
        wrong = {fault.place.path for fault in report.faults if fault.accept}
        pages = [page for page in report.pages.values() if page.path in wrong]
        changed = [page.path for page in pages if self._update_page(page, report)]
        for verdict in report.verdicts.values():
            outcome = verdict.outcome
            if not verdict.faults or not outcome or outcome.ended != "done":
                continue
            if not any(fault.accept for fault in verdict.faults):
                continue
            path = self.root / verdict.snippet.path
            _rewrite(path, restate(verdict.snippet, outcome))
            changed.append(verdict.snippet.path)
        return changed

    def _update_page(self, page, report):
        """Rewrite the graphs of a page; tell whether one changed."""
        path = self.root / page.path
        before = text = read_text(path, page.path)
        for piece in reversed(page.graphs):
            with suppress(FaultError):
                graph = subgraph(piece, report.verdicts, page)
                text = with_outline(text, piece, graph.outline())
        if text != before:
            _rewrite(path, text)
        return text != before

    def why(self, paths):
        """Return {snippet path: reasons why it would run}. Raises FaultError."""
        names, _ = self._select(paths, self._pages()[0])
        snippets = [self.verifier.load(name) for name in sorted(names)]
        return {snippet.path: self.verifier.cache.why(snippet) for snippet in snippets}

    def expand(self, folder, report):
        """Write plain expanded pages to ``folder``, for any other generator or checker."""
        pages, _ = self._pages()
        for page in pages:
            target = Path(folder) / Path(page.path).relative_to(self.docs.relative_to(self.root))
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(plain(page, report), encoding="utf-8")
            for piece in page.figures:
                svg = drawing(piece, report.verdicts, page)
                target.with_name(figure_file(piece)).write_text(svg, encoding="utf-8")
        return len(pages)

    def _pages(self):
        pages, faults = [], []
        for path in sorted(self.docs.rglob("*.md")):
            try:
                pages.append(self.page(path))
            except FaultError as error:
                faults.append(error.fault)
        return pages, faults

    def _existing(self):
        files = self.snippets.rglob("*.py")
        return {path.relative_to(self.snippets).as_posix() for path in files}

    def _select(self, paths, pages):
        existing = self._existing()
        if not paths:
            return existing, pages
        names, chosen = set(), []
        for given in paths:
            path = Path(given).resolve()
            inside = {n for n in existing if (self.snippets / n).is_relative_to(path)}
            below = [p for p in pages if (self.root / p.path).is_relative_to(path)]
            if not inside and not below:
                raise FaultError(given, 1, "no snippet or page here")
            names |= inside | {name for page in below for name in page.names}
            if any(page.listings for page in below):
                names |= existing
            chosen += below
        return names, chosen

    def _include_fault(self, page, piece, report):
        place = Place(page.path, piece.line)
        verdict = report.verdicts.get(piece.name)
        if verdict is None:
            return Fault(
                place, f"no such snippet: {self._shown_path(piece.name)}{self._hint(piece)}"
            )
        if verdict.snippet is None:
            return None
        known = verdict.snippet.sections
        if piece.section and piece.section not in known:
            where = f"{verdict.snippet.path} (has: {', '.join(known) or 'none'})"
            return Fault(place, f"no section '{piece.section}' in {where}")
        return None

    def _hint(self, piece):
        alike = [name for name in self._existing() if name.lower() == piece.name.lower()]
        return f" (but {self._shown_path(alike[0])})" if alike else ""

    def _shown_path(self, name):
        return f"{self.snippets.relative_to(self.root).as_posix()}/{name}"

    def _unused(self, report, pages):
        includes = [piece for page in pages for piece in page.includes]
        used = {(piece.name, piece.section) for piece in includes}
        drawn = {(piece.name, piece.value) for page in pages for piece in page.figures}
        names = {piece.name for piece in includes}
        for name, verdict in report.verdicts.items():
            path = self._shown_path(name)
            if name not in names:
                yield Fault(Place(path, 1), "no page shows this snippet: show it or delete it")
            elif verdict.snippet:
                for section, (first, _) in verdict.snippet.sections.items():
                    if (name, section) not in used:
                        yield Fault(Place(path, first - 1), f"no page shows section '{section}'")
            for figure in verdict.outcome.figures if verdict.outcome else ():
                if (name, figure) not in drawn:
                    yield Fault(Place(path, 1), f"no page draws figure '{figure}'")


def _rewrite(path, text):
    """Replace a file's text at once, and keep its line ends, its mark and its mode.

    Raises FaultError, and leaves the file alone, where there is no room for another.
    """
    draft, before = path.with_name(f"{path.name}.draft"), path.read_bytes()
    encoding = "utf-8-sig" if before.startswith(codecs.BOM_UTF8) else "utf-8"
    newline = "\r\n" if b"\r\n" in before else "\n"
    try:
        draft.write_text(text, encoding=encoding, newline=newline)
        shutil.copymode(path, draft)
        draft.replace(path)
    except OSError as error:
        with suppress(OSError):
            draft.unlink()
        raise FaultError(path, 1, f"was not updated: {error.strerror}") from None


def _shown(pages):
    shown = {}
    for page in pages:
        for piece in page.includes + page.bounds + page.figures + page.graphs:
            place = Place(page.path, piece.line)
            if place not in shown.setdefault(piece.name, []):
                shown[piece.name].append(place)
    return shown


def _anchors(pages):
    anchors = {}
    for page in pages:
        for piece in page.includes:
            anchors.setdefault(piece.name, (page.path, piece.anchor))
    return anchors
