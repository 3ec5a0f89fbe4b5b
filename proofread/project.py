"""A repository's pages and snippets, checked as a whole.

Both doors call this: it knows which page shows which snippet, and nothing of MkDocs.
"""

import codecs
import os
import shutil
import sys
import time
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

from proofread.fault import Fault, FaultError, Place, read_text
from proofread.judge import vary
from proofread.judge.bind import Seen
from proofread.judge.compare import restate
from proofread.judge.messages import front, unexplained, unlisted
from proofread.judge.verdict import Report
from proofread.judge.verify import Verifier
from proofread.read.page import parse_page, walk
from proofread.show.ingredients import Ingredients
from proofread.show.kinds import KINDS, Figure, Graph, Include, Made, fill

#: What MkDocs takes for a page.
PAGES = (".md", ".markdown", ".mdown", ".mkdn", ".mkd", ".ipynb")
UNREAD = "MkDocs would publish this, and nothing here reads it"


def progress(done: int, total: int) -> None:
    """Draw a progress line, if somebody watches."""
    if sys.stderr.isatty():
        end = "\n" if done == total else ""
        print(f"\rrunning snippets: {done} of {total}", end=end, file=sys.stderr, flush=True)


class Project:
    """``docs/``, ``snippets/`` and the cache of one repository."""

    def __init__(self, root=".", docs="docs", snippets="snippets", cache=".cache/proofread", **how):
        self.root = Path(root).resolve()
        self.docs, self.snippets = self.root / docs, self.root / snippets
        self.verifier = Verifier(self.snippets, self.root, self.root / cache, **how)
        #: What was read and found last, so that a check that follows does only what changed:
        #: page path -> (its text, Page), page path -> (its key, faults), of each verdict,
        #: and what the pages of the last report are made of.
        self.read: dict[str, tuple] = {}
        self.found: dict[str, tuple] = {}
        self.digests: dict[str, tuple] = {}
        self.latest: Ingredients | None = None

    def close(self):
        """Stop what runs in the background."""
        self.verifier.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def must_exist(self):
        """Raise FaultError unless the project has pages and snippets."""
        for folder in (self.docs, self.snippets):
            if not folder.is_dir():
                advice = "run this in a project's folder, beside docs/ and snippets/"
                raise FaultError(self._shown(folder), 1, f"no such folder: {advice}")

    def check(self, paths=(), use_cache=True, progress=lambda done, total: None):
        """Verify the snippets and pages under ``paths``, or all; return a Report.

        Raises FaultError for a path that is neither.
        """
        started = time.monotonic()
        pages, faults = self._pages()
        found = self._existing()
        names, chosen = self._select(paths, pages, found)
        report = Report(
            verdicts=self.verifier.verify(names & found, use_cache, progress, found),
            faults=faults,
            shown=_shown(pages),
            anchors=_anchors(pages),
            pages={page.path: page for page in pages},
            root=self.root,
            folder=self.snippets.relative_to(self.root).as_posix(),
            existing=frozenset(found),
        )
        for verdict in report.verdicts.values():
            places = tuple(report.shown.get(verdict.name, ()))
            report.faults += [replace(fault, shown=places) for fault in verdict.faults]
        ingredients = self.ingredients(report)
        for page in chosen:
            report.faults += self._page_faults(page, ingredients)
        if not paths:
            report.faults += self._unused(report, pages)
            report.faults += _lists(report, pages)
        report.faults = list(dict.fromkeys(report.faults))
        report.seconds = time.monotonic() - started
        return report

    def page(self, path):
        """Read and parse the page at ``path``. Raises FaultError if it is not UTF-8."""
        shown = self._shown(Path(path))
        text = read_text(Path(path), shown)
        if self.read.get(shown, (None,))[0] != text:
            self.read[shown] = text, parse_page(shown, text, KINDS)
        return self.read[shown][1]

    def ingredients(self, report):
        """Return what each page of a report is made of."""
        if not self.latest or self.latest.report is not report:
            texts = {path: self.read[path][0] for path in report.pages}
            self.latest = Ingredients(report, texts, self.digests)
        return self.latest

    def page_faults(self, page, report):
        """List what is wrong with a page, given the verdicts."""
        faults = [*page.faults, *_raised([partial(front, page)])]
        faults += self.piece_faults(walk(page.pieces), page, report)
        for name in sorted(page.names & report.verdicts.keys()):
            verdict = report.verdicts[name]
            if verdict.outcome and (other := verdict.outcome.again):
                faults += vary.on_page(page, report, verdict, other, vary.AGAIN)
        return faults

    def piece_faults(self, pieces, page, report):
        """List what is wrong with pieces of a page, given the verdicts."""
        seen = Seen(page, report)
        return _raised(partial(piece.check, seen) for piece in pieces)

    def _page_faults(self, page, ingredients):
        """List what is wrong with a page; one that is made of the same has the same faults."""
        key = ingredients.key(page)
        if self.found.get(page.path, ("",))[0] != key:
            self.found[page.path] = key, self.page_faults(page, ingredients.part(page))
        return self.found[page.path][1]

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

    def why(self, paths):
        """Return {snippet path: reasons why it would run}. Raises FaultError."""
        names, _ = self._select(paths, self._pages()[0], self._existing())
        snippets = [self.verifier.load(name) for name in sorted(names)]
        return {snippet.path: self.verifier.cache.why(snippet) for snippet in snippets}

    def expand(self, folder, report):
        """Write plain expanded pages to ``folder``, for any other generator or checker."""
        for page in report.pages.values():
            seen = Seen(page, report)
            target = Path(folder) / Path(page.path).relative_to(self.docs.relative_to(self.root))
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(fill(page.pieces, seen), encoding="utf-8")
            for piece in page.of(Figure):
                target.with_name(piece.file).write_text(piece.drawing(seen), encoding="utf-8")
        return len(report.pages)

    def _update_page(self, page, report):
        """Rewrite the graphs of a page; tell whether one changed."""
        path = self.root / page.path
        before = text = read_text(path, page.path)
        for piece in reversed(page.of(Graph)):
            with suppress(FaultError):
                text = piece.restated(text, Seen(page, report))
        if text != before:
            _rewrite(path, text)
        return text != before

    def _pages(self):
        pages, faults = [], []
        # MkDocs publishes nothing that lies in a folder of this name.
        out = self.docs / "templates"
        paths = [p for p in self._files(self.docs) if p.suffix in PAGES and out not in p.parents]
        paths.sort()
        places = {_place(path): path for path in paths}
        for path in paths:
            try:
                pages.append(self._published(path, places[_place(path)]))
            except FaultError as error:
                faults.append(error.fault)
        return pages, faults

    def _published(self, path, winner):
        """Read a page as MkDocs would publish it. Raises FaultError where it is another one."""
        if path.suffix == ".ipynb":
            raise FaultError(self._shown(path), 1, f"{UNREAD}: write a snippet in cells")
        if winner != path:
            other = f"{self._shown(winner)} takes its place: rename one"
            raise FaultError(self._shown(path), 1, f"MkDocs leaves this out, since {other}")
        return self.page(path)

    def _shown(self, path):
        return path.relative_to(self.root).as_posix()

    def _existing(self):
        found = self._files(self.snippets, skipped=("__pycache__",))
        return {p.relative_to(self.snippets).as_posix() for p in found if p.suffix == ".py"}

    def _files(self, folder, skipped=()):
        """Yield the files below a folder, those in linked folders too, but none that is hidden.

        Raises FaultError for a folder that holds itself by a link.
        """
        for at, folders, files in os.walk(folder, followlinks=True):
            folders[:] = [f for f in folders if not f.startswith(".") and f not in skipped]
            for path in (Path(at, name) for name in folders):
                if path.resolve() in {parent.resolve() for parent in path.parents}:
                    raise FaultError(self._shown(path), 1, "this folder, by a link, holds itself")
            # A folder with the name of a file is found, and cannot be read.
            named = [f for f in folders if Path(f).suffix]
            yield from (Path(at, name) for name in [*files, *named] if not name.startswith("."))

    def _select(self, paths, pages, existing):
        if not paths:
            return existing, pages
        names, chosen = set(), []
        for given in paths:
            path = Path(given).resolve()
            inside = {n for n in existing if (self.snippets / n).is_relative_to(path)}
            below = [p for p in pages if (self.root / p.path).resolve().is_relative_to(path)]
            if not inside and not below:
                raise FaultError(given, 1, "no snippet or page here")
            names |= inside | {name for page in below for name in page.names}
            if any(page.of(Made) for page in below):
                names |= existing
            chosen += below
        return names, chosen

    def _unused(self, report, pages):
        includes = [piece for page in pages for piece in page.of(Include)]
        used = {(piece.name, piece.section) for piece in includes}
        drawn = {(piece.name, piece.value) for page in pages for piece in page.of(Figure)}
        names = {piece.name for piece in includes}
        for name, verdict in report.verdicts.items():
            path = f"{report.folder}/{name}"
            if name not in names:
                yield Fault(Place(path, 1), "no page shows this snippet: show it or delete it")
            elif verdict.snippet:
                for section, (first, _) in verdict.snippet.sections.items():
                    if (name, section) not in used:
                        yield Fault(Place(path, first - 1), f"no page shows section '{section}'")
            for figure in verdict.outcome.figures if verdict.outcome else ():
                if (name, figure) not in drawn:
                    yield Fault(Place(path, 1), f"no page draws figure '{figure}'")


def _place(path):
    """Say where MkDocs publishes a page: a README is an index."""
    return path.with_name("index" if path.stem == "README" else path.stem)


def _lists(report, pages):
    """Find what no list of the site has, where it has such lists."""
    made = [piece for page in pages for piece in page.of(Made)]
    yield from unlisted(pages, {group for p in made if p.word == "pages" for group in p.rest})
    if any(piece.word == "messages" for piece in made):
        yield from unexplained(report)


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
    """Return {snippet name: places that show or quote it}."""
    shown = {}
    for page in pages:
        for piece in walk(page.pieces):
            for name in piece.names:
                place = Place(page.path, piece.line)
                if place not in shown.setdefault(name, []):
                    shown[name].append(place)
    return shown


def _anchors(pages):
    """Return {snippet name: (page path, anchor) where its code is first shown}."""
    anchors = {}
    for page in pages:
        for piece in page.of(Include):
            anchors.setdefault(piece.name, (page.path, piece.anchor))
    return anchors


def _raised(checks):
    """List the faults that checks raise."""
    faults = []
    for check in checks:
        try:
            check()
        except FaultError as error:
            faults.append(error.fault)
    return faults
