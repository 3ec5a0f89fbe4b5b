"""Run snippets with the interpreter that runs this; it needs only the standard library and torch.

Snippets come as one JSON list of ``[name, file, timeout]`` on standard input. Answers are JSON
lines: first where they run, then ``[name, outcome]`` as each ends.
"""

import importlib.util
import json
import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from measured import kit
from proofread.run import runner

NICE = 10
ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Job:
    """As much of a snippet as the runner needs."""

    name: str
    file: str
    timeout: float
    root: Path = ROOT  # nothing below it is written
    requires: tuple = ("cuda",)  # a build for it maps more memory than the limit

    @property
    def text(self):
        return Path(self.file).read_text(encoding="utf-8")


def stamp():
    """Where this runs."""
    return kit.stamp(numpy=version("numpy"), date=kit.today())


def main():
    with suppress(AttributeError):  # Windows has no nice.
        os.nice(NICE)
    jobs = [Job(*job) for job in json.load(sys.stdin)]
    _say(stamp())
    # Not every version has every module that this one imports ahead of time.
    runner.LAZY = tuple(name for name in runner.LAZY if importlib.util.find_spec(name))
    with runner.Runner() as running:
        for job, outcome in running.run(jobs):
            _say([job.name, outcome.to_json()])


def _say(what):
    print(json.dumps(what), flush=True)


if __name__ == "__main__":
    main()
