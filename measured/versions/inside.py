"""Run snippets with the interpreter that runs this; it needs only the standard library and torch.

Jobs come as one JSON list on standard input. Answers are JSON
lines: first where they run, then ``[name, outcome]`` as each ends.
"""

import json
import os
import platform
import sys
from contextlib import suppress
from datetime import UTC, datetime

from proofread.run.cache import torch_build
from proofread.run.job import Job
from proofread.run.runner import Runner

NICE = 10


def stamp():
    """Where this runs."""
    return {
        "torch": torch_build()[0],
        "numpy": _numpy(),
        "Python": platform.python_version(),
        "platform": f"{platform.system()} {platform.machine()}",
        "date": datetime.now(UTC).date().isoformat(),
    }


def main():
    with suppress(AttributeError):  # Windows has no nice.
        os.nice(NICE)
    jobs = [Job(**job) for job in json.load(sys.stdin)]
    _say(stamp())
    with Runner() as runner:
        for job, outcome in runner.run(jobs):
            _say([job.name, outcome.to_json()])


def _numpy():
    import numpy

    return numpy.__version__


def _say(what):
    print(json.dumps(what), flush=True)


if __name__ == "__main__":
    main()
