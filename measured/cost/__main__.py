"""Measure what the second derivative costs, as ratios to the forward pass, in about two minutes.

``make measure WHAT=cost`` writes ``data.json``, from which ``page.py`` makes the tables and figures
of ``docs/reference/cost.md``. The operations are the functions of ``snippets/reference/cost.py``,
which that page shows.

A round runs every operation once, long enough to be timed, after the forward pass; its ratio to
the forward pass of the same round is one measurement. The median over the rounds is reported,
with the quartiles. Times are CPU times of this process on one thread, so that what else the
machine does matters little.
"""

import contextlib
import ctypes
import gc
import os
import platform
import runpy
import statistics
import time
from functools import partial
from pathlib import Path

import torch
from torch.utils.flop_counter import FlopCounterMode

from measured import kit
from measured.cost.page import FILE

SNIPPET = kit.ROOT / "snippets/reference/cost.py"
#: An odd number, so that the median is one of the measurements.
ROUNDS = int(os.environ.get("ROUNDS", "31"))
#: Seconds that an operation is repeated for in each round.
LONG_ENOUGH = 0.005

PENALTY_WIDTHS = (16, 32, 64, 128, 256)
HESSIAN_WIDTHS = (16, 32, 64, 128)
STEPS = (1, 2, 4, 8, 16)


def main() -> None:
    """Measure all cases and write the file."""
    torch.set_num_threads(1)
    keep_memory()
    with contextlib.redirect_stdout(None):
        todo, records = list(cases(runpy.run_path(str(SNIPPET)))), []
    for number, (case, runs, unit) in enumerate(todo, start=1):
        records += measured(case, runs, unit)
        kit.progress(number, len(todo), " ".join(map(str, case.values())))
    where = kit.stamp(processor=processor(), date=kit.today())
    kit.save(FILE, {"environment": where, "rounds": ROUNDS, "records": records})


def keep_memory() -> None:
    """Let the C library keep what is freed, where it is glibc.

    It would give large blocks back to the system and ask for them again, page by page. After an
    operation that needs much memory, small ones took ten times as long for that reason alone.
    """
    with contextlib.suppress(AttributeError, OSError, TypeError):
        mallopt = ctypes.CDLL(None).mallopt
        trim_threshold, mmap_max = -1, -4
        mallopt(trim_threshold, 1 << 30)
        mallopt(mmap_max, 0)


def cases(found: dict):
    """Yield (case, {operation: callable}, flops of a forward pass); the first run is the unit."""
    base = {"width": found["WIDTH"], "depth": found["DEPTH"], "batch": found["BATCH"]}
    few = [name for name in found["OPERATIONS"] if not name.startswith("Hessian ")]
    hessians = ["forward", *sorted(found["OPERATIONS"].keys() - few)]
    sweeps = [("reference", few, {})]
    sweeps += [(by, few, {by: size}) for by, sizes in found["SIZES"].items() for size in sizes]
    sweeps += [("Hessian", hessians, {"width": width}) for width in HESSIAN_WIDTHS]
    for sweep, names, changed in sweeps:
        sizes = base | changed
        given = found["problem"](**sizes)
        runs = {name: partial(found["OPERATIONS"][name], found["loss"], *given) for name in names}
        yield {"sweep": sweep, **sizes}, runs, flops(**sizes)
    for width in PENALTY_WIDTHS:
        sizes = base | {"width": width, "depth": 1}
        W, x, _ = found["problem"](**sizes)
        runs = {name: partial(run, W[0], x) for name, run in found["PENALTIES"].items()}
        yield {"sweep": "penalty", **sizes}, runs, flops(**sizes)
    for steps in STEPS:
        W, x, _ = found["problem"](**base)
        runs = {"forward": partial(found["loss"], W, x)}
        runs |= {name: partial(run, W, x, steps) for name, run in found["STEPS"].items()}
        yield {"sweep": "steps", **base, "steps": steps}, runs, flops(**base)


def flops(width: int, depth: int, batch: int) -> int:
    """Multiplications and additions in the matrix products of a forward pass."""
    return 2 * depth * batch * width**2


def measured(case: dict, runs: dict, unit: int):
    """Yield a record for each operation: products and time, in units of the forward pass."""
    products = {}
    for name, run in runs.items():
        with FlopCounterMode(display=False) as counter:
            run()
        products[name] = counter.get_total_flops() / unit
    for name, ratios in timed(runs).items():
        low, median, high = statistics.quantiles(ratios, n=4)
        numbers = {"products": products[name], "time": median, "low": low, "high": high}
        yield {**case, "operation": name, **{k: round(v, 3) for k, v in numbers.items()}}


def timed(runs: dict) -> dict[str, list[float]]:
    """Return {operation: its time over that of the first, one number for each round}."""
    for run in runs.values():
        run()
    gc.collect()
    gc.disable()
    counts = {name: 1 + int(LONG_ENOUGH / seconds(run, 1)) for name, run in runs.items()}
    rounds = [{n: seconds(run, counts[n]) for n, run in runs.items()} for _ in range(ROUNDS)]
    gc.enable()
    first = next(iter(runs))
    return {name: [one[name] / one[first] for one in rounds] for name in runs}


def seconds(run, count: int) -> float:
    """CPU seconds for one run, as the mean of ``count``."""
    started = time.process_time()
    for _ in range(count):
        run()
    return (time.process_time() - started) / count


def processor() -> str:
    """The name of the processor, as far as the system tells."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


if __name__ == "__main__":
    main()
