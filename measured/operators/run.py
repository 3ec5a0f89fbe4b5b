"""Measure entries in worker processes, each entry with a time limit."""

import os
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import as_completed
from functools import cache
from multiprocessing import get_context
from pathlib import Path

import torch
from pebble import ProcessExpired, ProcessPool

from measured.kit import cores
from measured.operators.entries import Entry, entries
from measured.operators.measure import measure
from measured.operators.record import record

ENVIRONMENT = {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "PYTHONHASHSEED": "0"}
#: Seconds for one entry with all its samples.
LIMIT = 300.0
#: Samples of each entry whose routes are compared; gradgradcheck takes every sample.
ROUTED = 6


@cache
def known() -> dict[str, Entry]:
    """Return all that can be measured, by kind and key; once for each process."""
    return entries()


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
    return record(entry, found, time.monotonic() - started, why)


def _record(future, name, limit):
    try:
        return future.result()
    except TimeoutError:
        why = f"still running after {limit:g} s"
    except ProcessExpired as error:
        why = f"the process ended with code {error.exitcode}"
    kind, _, key = name.partition(" ")
    return {"kind": kind, "key": key, "status": "not measured", "why": why}


def _alone():
    """In a worker: one thread, and no output, since what is measured may warn and print."""
    torch.set_num_threads(1)
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
