"""Measure entries in worker processes, each with a time limit; each gives a record."""

import os
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import as_completed
from multiprocessing import get_context
from pathlib import Path

import torch
from pebble import ProcessExpired, ProcessPool

from measured.operators.entries import known
from measured.operators.measure import ROUTES, measure
from proofread.run.runner import cores

ENVIRONMENT = {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "PYTHONHASHSEED": "0"}
#: Seconds for one entry with all its samples.
LIMIT = 1200.0
#: Samples of each entry whose routes are compared; gradgradcheck takes every sample.
ROUTED = 6
#: What is compared beside the routes of a second derivative.
OTHERS = ("batched", "third")
#: Messages that a record keeps.
MESSAGES = 4


def run(wanted: Iterable[str], measure=None, limit=LIMIT) -> Iterator[tuple[str, dict]]:
    """Yield (name, record) of the wanted entries, as each ends; ``measure(name)`` makes it."""
    os.environ.update(ENVIRONMENT)  # The workers inherit it; Python and OpenMP read it at start.
    pool = ProcessPool(cores(), initializer=_alone, context=get_context("spawn"))
    try:
        asked = {pool.schedule(measure or examine, [name], timeout=limit): name for name in wanted}
        for future in as_completed(asked):
            yield asked[future], _record(future, asked[future], limit)
    finally:
        pool.stop()
        pool.join()


def examine(name: str) -> dict:
    """Measure all samples of an entry."""
    entry, started, found, why = known()[name], time.monotonic(), [], ""
    try:
        for number, (function, inputs) in enumerate(entry.samples()):
            found.append(measure(function, inputs, number < ROUTED, entry.nondeterminism))
    except Exception as error:
        # PyTorch's own samples need what is not here, such as a GPU.
        why = f"its samples cannot be made here: {type(error).__name__}"
    why = why or (
        "" if found else "takes whole numbers alone" if entry.whole else "no sample in float64"
    )
    return summary(entry, found, time.monotonic() - started, why)


def summary(entry, found: list[dict], seconds: float, why: str = "") -> dict:
    """The record of an entry, with a status of the page; ``why`` tells of an empty one."""
    outcomes = Counter(one["outcome"] for one in found)
    differentiable = outcomes.total() - outcomes["not differentiable"]
    told = [one for one in found if one["error"]]
    errors = Counter(f"{one['outcome']}: {one['error']}" for one in told)
    routes = {route: _route(found, route) for route in (*ROUTES, *OTHERS)}
    return {
        "kind": entry.kind,
        "key": entry.key,
        "declared": entry.declared,
        "samples": len(found),
        "judged": differentiable - outcomes["no derivative"] - outcomes["unmeasured"],
        "passed": outcomes["pass"],
        "pointless": outcomes["no derivative"],
        "errors": dict(_most_common(errors)),
        "routes": routes,
        "status": "not differentiable" if entry.whole else _status(found, outcomes, routes),
        "why": why,
        "seconds": round(seconds, 2),
    }


def _most_common(errors):
    """The messages that come most often; a wrong value has a text of its own at each sample."""
    return sorted(errors.items(), key=lambda item: (-item[1], item[0]))[:MESSAGES]


def _status(found, outcomes, routes):
    if outcomes["wrong"]:
        return "silently wrong"
    if outcomes["first wrong"]:
        return "first derivative wrong"
    if outcomes["raises"]:
        return "raises in part" if outcomes["pass"] else "raises"
    if not outcomes["pass"]:
        for status in ("no derivative", "unmeasured"):
            if outcomes[status]:
                return status
        return "not differentiable" if found else "unmeasured"
    if any(answer.startswith("wrong") for answer in routes.values()):
        return "wrong by another route"
    zero = [one["zero"] for one in found if "zero" in one]
    if zero and all(zero):
        return "zero"
    raises = any(answer.startswith("raises") for answer in routes.values())
    return "raises by another route" if raises else "works"


def _route(found, route):
    """The worst of what a route gave: a wrong value, an error, or "right"."""
    answers = [one[route] for one in found if one.get(route, "doubtful") != "doubtful"]
    wrong = [answer for answer in answers if answer.startswith("wrong")]
    if wrong:
        return f"{wrong[0]} ({len(wrong)} of {len(answers)})"
    right = "right" if answers else "not compared"
    return next((answer for answer in answers if answer.startswith("raises")), right)


def _record(future, name, limit):
    try:
        return future.result()
    except TimeoutError:
        why = f"still running after {limit:g} s"
    except ProcessExpired as error:
        why = f"the process ended with code {error.exitcode}"
    kind, _, key = name.partition(" ")
    return {"kind": kind, "key": key, "status": "unmeasured", "why": why}


def _alone():
    """In a worker: one thread, and no output, since what is measured may warn and print."""
    torch.set_num_threads(1)
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
