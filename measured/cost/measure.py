"""What the second derivative costs: times as ratios to the forward pass.

``python dev.py bench cost``, or ``make bench WHAT=cost``, measures in about two minutes and writes
``benchmarks/cost.json``, from which ``theme/cost.py`` makes the tables and figures of
``docs/reference/cost.md``. The operations are the functions of ``snippets/reference/cost.py``,
which that page shows.

A round runs every operation once, long enough to be timed, after the forward pass; its ratio to
the forward pass of the same round is one measurement. The median over the rounds is reported,
with the quartiles. Times are CPU times of this process on one thread, so that what else the
machine does matters little.
"""

import contextlib
import ctypes
import datetime
import gc
import json
import os
import platform
import runpy
import statistics
import sys
import time
from functools import partial
from pathlib import Path

import torch
from torch.utils.flop_counter import FlopCounterMode

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "measured/cost/data.json"
SNIPPET = ROOT / "snippets/reference/cost.py"
#: An odd number, so that the median is one of the measurements.
ROUNDS = int(os.environ.get("ROUNDS", "31"))
#: Seconds that an operation is repeated for in each round.
LONG_ENOUGH = 0.005

PENALTY_WIDTHS = (16, 32, 64, 128, 256)
HESSIAN_WIDTHS = (16, 32, 64, 128)
STEPS = (1, 2, 4, 8, 16)


def main():
    """Measure all cases and write the file."""
    torch.set_num_threads(1)
    keep_memory()
    records = []
    for case, runs, unit in cases(operations()):
        print(*case.values(), flush=True)
        records += measured(case, runs, unit)
    save({"environment": environment(), "rounds": ROUNDS, "records": records})
    print(f"wrote {FILE.relative_to(ROOT)}: {len(records)} ratios")


def keep_memory():
    """Let the C library keep what is freed, where it is glibc.

    It would give large blocks back to the system and ask for them again, page by page. After an
    operation that needs much memory, small ones took ten times as long for that reason alone.
    """
    with contextlib.suppress(AttributeError, OSError, TypeError):
        mallopt = ctypes.CDLL(None).mallopt
        trim_threshold, mmap_max = -1, -4
        mallopt(trim_threshold, 1 << 30)
        mallopt(mmap_max, 0)


def operations():
    """Return the globals of the snippet that defines the operations."""
    with contextlib.redirect_stdout(None):
        return runpy.run_path(str(SNIPPET))


def cases(found):
    """Yield (case, {operation: callable}, flops of a forward pass); the first run is the unit."""
    base = {"width": found["WIDTH"], "depth": found["DEPTH"], "batch": found["BATCH"]}
    few = [name for name in found["OPERATIONS"] if not name.startswith("Hessian ")]

    def network(sweep, names, **changed):
        sizes = base | changed
        W, x, V = found["problem"](**sizes)
        runs = {n: partial(found["OPERATIONS"][n], found["loss"], W, x, V) for n in names}
        return {"sweep": sweep, **sizes}, runs, flops(**sizes)

    yield network("reference", few)
    for sweep, sizes in found["SIZES"].items():
        for size in sizes:
            yield network(sweep, few, **{sweep: size})
    for width in HESSIAN_WIDTHS:
        names = ["forward", *sorted(found["OPERATIONS"].keys() - few)]
        yield network("Hessian", names, width=width)
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


def flops(width, depth, batch):
    """Multiplications and additions in the matrix products of a forward pass."""
    return 2 * depth * batch * width**2


def measured(case, runs, unit):
    """Return a record for each operation: products and time, in units of the forward pass."""
    with FlopCounterMode(display=False) as counter:
        products = {}
        for name, run in runs.items():
            before = counter.get_total_flops()
            run()
            products[name] = (counter.get_total_flops() - before) / unit
    ratios = timed(runs)
    records = []
    for name, values in ratios.items():
        low, median, high = statistics.quantiles(values, n=4)
        numbers = {"products": products[name], "time": median, "low": low, "high": high}
        records.append({**case, "operation": name, **{k: round(v, 3) for k, v in numbers.items()}})
    return records


def timed(runs):
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


def seconds(run, count):
    """CPU seconds for one run, as the mean of ``count``."""
    started = time.process_time()
    for _ in range(count):
        run()
    return (time.process_time() - started) / count


def environment():
    """Where and when this is measured."""
    return {
        "torch": torch.__version__,
        "Python": platform.python_version(),
        "platform": f"{platform.system()} {platform.machine()}",
        "processor": processor(),
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
    }


def processor():
    """The name of the processor, as far as the system tells."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def save(data):
    """Write one record a line, so that a difference can be read."""
    lines = ",\n".join(json.dumps(record) for record in data["records"])
    head = {key: value for key, value in data.items() if key != "records"}
    text = f'{json.dumps(head)[:-1]}, "records": [\n{lines}\n]}}\n'
    FILE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
