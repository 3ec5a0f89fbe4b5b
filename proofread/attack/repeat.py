"""Run snippets again as other machines would, and name what varies from one run to the next.

The engine runs each snippet with one seed and one thread, so its word alone says nothing about a
reader's machine, where hashing, seeds, the number of threads and the order of things differ.
"""

import difflib
import random
import re
from dataclasses import replace
from itertools import zip_longest

from proofread.fault import Fault, FaultError, Place
from proofread.judge.bind import bound_text, graph_stated
from proofread.judge.compare import marks
from proofread.run.runner import Condition, Runner

#: Several threads of several snippets at once are slow, and that is not what is asked.
PATIENCE = 4
#: On a line of a page: its values are times or the like, which no two runs share.
MEASURED = re.compile(r"<!-- measured: \S.*?-->")


def conditions(times):
    """Return so many Conditions, no two of them alike, and none the usual one."""
    numbers = range(1, times + 1)
    return [Condition(seed=n, hash_seed=n, threads=1 + n % 2) for n in numbers]


def repeat(verifier, report, names, times, progress=lambda done, total: None):
    """Run each snippet so many times, without the cache; return a Fault for what varies.

    The report has the outcomes of the usual condition to compare with.
    """
    usual = {name: report.verdicts[name] for name in names if report.verdicts[name].outcome}
    faults, total = [], times * len(usual)
    for condition in conditions(times):
        snippets = [
            replace(verdict.snippet, timeout=PATIENCE * verdict.snippet.timeout)
            for verdict in usual.values()
        ]
        random.Random(condition.seed).shuffle(snippets)
        with Runner(verifier.runner.jobs, verifier.runner.fresh, condition) as runner:
            for snippet, outcome in runner.run(snippets):
                faults += varies(usual[snippet.name], outcome, condition, report, verifier.root)
                total -= 1
                progress(times * len(usual) - total, times * len(usual))
    return sorted(faults, key=lambda fault: (fault.place.path, fault.place.line))


def varies(verdict, outcome, condition, report, root):
    """Yield a Fault for the first output, and each value or figure on a page, that differs."""
    snippet, usual = verdict.snippet, verdict.outcome
    names = (str(Condition()), str(condition))
    if outcome.ended != usual.ended:
        place = Place(snippet.path, outcome.line or 1)
        yield Fault(place, f"varies with {condition}: {outcome.detail or outcome.ended}")
        return
    both = zip_longest(marks(snippet, usual), marks(snippet, outcome), fillvalue=[])
    for statement, (before, after) in zip(snippet.statements, both, strict=False):
        if before != after:
            message = f"varies from run to run: other output with {condition}"
            diff = "\n".join(difflib.unified_diff(before, after, *names, n=0, lineterm=""))
            yield Fault(Place(snippet.path, statement.start), message, diff)
            return
    yield from _on_pages(verdict, outcome, condition, report, root)


def _on_pages(verdict, outcome, condition, report, root):
    other = {verdict.name: replace(verdict, outcome=outcome)}
    pages = [page for page in report.pages.values() if verdict.name in page.names]
    for page in pages:
        for piece in page.bounds:
            if piece.name == verdict.name and not _is_measured(piece, page, root):
                before, after = (
                    _text(piece, known, page) for known in ({verdict.name: verdict}, other)
                )
                if before != after:
                    message = f"{piece.value} varies: {before}, but {after} with {condition}"
                    yield Fault(Place(page.path, piece.line), message)
        for piece in page.graphs:
            if piece.name == verdict.name:
                try:
                    graph_stated(piece, other, page)
                except FaultError as error:
                    message = f"{error.fault.message} with {condition}"
                    yield replace(error.fault, message=message, accept="")
    for name, drawing in verdict.outcome.figures.items():
        if outcome.figures.get(name) != drawing:
            message = f"figure '{name}' varies from run to run: another one with {condition}"
            yield Fault(Place(verdict.snippet.path, 1), message)


def _is_measured(piece, page, root):
    lines = (root / page.path).read_text(encoding="utf-8-sig").split("\n")
    return MEASURED.search(lines[piece.line - 1]) is not None


def _text(piece, verdicts, page):
    try:
        return bound_text(piece, verdicts, page)
    except FaultError as error:
        return error.fault.message
