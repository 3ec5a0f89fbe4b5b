"""Run snippets again as other machines would, and name what varies from one run to the next.

The engine runs each snippet with one seed and one thread, so its word alone says nothing about a
reader's machine, where hashing, seeds, the number of threads and the order of things differ.
"""

import random
from dataclasses import replace

from proofread.judge import vary
from proofread.run.job import Condition, Job
from proofread.run.runner import Runner


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
        jobs = [replace(job, timeout=vary.PATIENCE * job.timeout) for job in jobs]
        random.Random(condition.seed).shuffle(jobs)
        with Runner(verifier.runner.processes, verifier.runner.forks, condition) as runner:
            for job, outcome in runner.run(jobs):
                faults += varies(usual[job.name], outcome, condition, report)
                done += 1
                progress(done, total)
    return sorted(faults, key=lambda fault: (fault.place.path, fault.place.line))


def varies(verdict, outcome, condition, report):
    """Yield a Fault for the first output, and each value or figure on a page, that differs."""
    yield from vary.outputs(verdict.snippet, verdict.outcome, outcome, condition)
    if outcome.ended == verdict.outcome.ended:
        for page in report.pages.values():
            yield from vary.on_page(page, report, verdict, outcome, condition)
