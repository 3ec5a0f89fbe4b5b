"""Run snippets with the interpreter that runs this; it needs only the standard library and torch.

Jobs come as one JSON list on standard input. Answers are JSON lines: first where they run, then
``[name, outcome]`` as each ends.
"""

import json
import os
import sys
from contextlib import suppress
from functools import partial
from importlib.metadata import version

from measured import kit
from proofread.run.job import Job
from proofread.run.runner import Runner

NICE = 10


def main():
    with suppress(AttributeError):  # Windows has no nice.
        os.nice(NICE)
    jobs = [Job(**job) for job in json.load(sys.stdin)]
    say = partial(print, flush=True)
    say(json.dumps(kit.stamp(numpy=version("numpy"), date=kit.today())))
    with Runner() as runner:
        for job, outcome in runner.run(jobs):
            say(json.dumps([job.name, outcome.to_json()]))


if __name__ == "__main__":
    main()
