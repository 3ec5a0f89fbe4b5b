"""Run snippets again as other machines would, and name what varies from one run to the next.

The engine runs each snippet with one seed and one thread, so its word alone says nothing about a
reader's machine, where hashing, seeds, the number of threads and the order of things differ.
"""

import difflib
import random
from dataclasses import replace
from itertools import zip_longest

from proofread.fault import Fault, FaultError, Place
from proofread.judge.bind import Seen
from proofread.judge.compare import marks
from proofread.read.page import walk
from proofread.run.job import Condition, Job
from proofread.run.runner import Runner

#: Several threads of several snippets at once are slow, and that is not what is asked.
PATIENCE = 4


def conditions(times):
    """Return so many Conditions, no two of them alike, and none the usual one."""
    numbers = range(1, times + 1)
    return [Condition(seed=n, hash_seed=n, threads=1 + n % 2) for n in numbers]


def repeat(verifier, report, names, times, progress=lambda done, total: None):
    """Run each snippet so many times, without the cache; return a Fault for what varies.

    The report has the outcomes of the usual condition to compare with.
    """
    usual = {name: report.verdicts[name] for name in names if report.verdicts[name].outcome}
    faults, done, total = [], 0, times * len(usual)
    for condition in conditions(times):
        jobs = [Job.of(verdict.snippet) for verdict in usual.values()]
        jobs = [replace(job, timeout=PATIENCE * job.timeout) for job in jobs]
        random.Random(condition.seed).shuffle(jobs)
        with Runner(verifier.runner.processes, verifier.runner.forks, condition) as runner:
            for job, outcome in runner.run(jobs):
                faults += varies(usual[job.name], outcome, condition, report)
                done += 1
                progress(done, total)
    return sorted(faults, key=lambda fault: (fault.place.path, fault.place.line))


def varies(verdict, outcome, condition, report):
    """Yield a Fault for the first output, and each value or figure on a page, that differs."""
    snippet, usual = verdict.snippet, verdict.outcome
    if outcome.ended != usual.ended:
        place = Place(snippet.path, outcome.line or 1)
        yield Fault(place, f"varies with {condition}: {outcome.detail or outcome.ended}")
        return
    both = zip_longest(marks(snippet, usual), marks(snippet, outcome), fillvalue=[])
    for statement, (before, after) in zip(snippet.statements, both, strict=False):
        if before != after:
            message = f"varies from run to run: other output with {condition}"
            names = (str(Condition()), str(condition))
            diff = "\n".join(difflib.unified_diff(before, after, *names, n=0, lineterm=""))
            yield Fault(Place(snippet.path, statement.start), message, diff)
            return
    other = replace(verdict, outcome=outcome)
    varied = replace(report, verdicts={**report.verdicts, verdict.name: other})
    for page in report.pages.values():
        for piece in walk(page.pieces):
            if verdict.name in piece.names and not getattr(piece, "measured", False):
                yield from _differs(piece, Seen(page, report), Seen(page, varied), condition)
    for name, drawing in usual.figures.items():
        if outcome.figures.get(name) != drawing:
            message = f"figure '{name}' varies from run to run: another one with {condition}"
            yield Fault(Place(snippet.path, 1), message)


def _differs(piece, usual, varied, condition):
    """Yield a Fault for a piece that says something else, or is not true any more."""
    try:
        piece.check(varied)
    except FaultError as error:
        message = f"{error.fault.message} with {condition}"
        yield replace(error.fault, message=message, accept="")
        return
    before, after = piece.text(usual), piece.text(varied)
    if before != after:
        message = f"{piece.value} varies: {before}, but {after} with {condition}"
        yield usual.fault(piece.line, message).fault
