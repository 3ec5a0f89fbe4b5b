"""Times of whole processes, and what is made of them."""

import contextlib
import http.client
import os
import signal
import statistics
import subprocess
import time
from pathlib import Path
from typing import NamedTuple

#: Seconds between two looks at a process: a look costs it nothing.
LOOK = 0.02


class Run(NamedTuple):
    """What one command took."""

    #: Exit status, or None if it was ended at its limit.
    status: int | None
    #: Seconds on all cores, of the process and of all that it waited for.
    cpu: float
    #: Seconds on the wall.
    wall: float
    #: MiB of memory at the most, of the process alone, without those that it starts.
    peak: float
    #: How often one of these processes touched a page of memory that it had to be given first.
    pages: int = 0
    #: What it printed.
    text: str = ""


def run(command, folder, environment, limit):
    """Run a command to its end, or for ``limit`` seconds; then all that it started is ended."""
    log, peak, started = Path(folder, "log.txt"), 0, time.perf_counter()
    with log.open("wb") as output:
        process = subprocess.Popen(
            [str(word) for word in command],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    over = False
    while True:
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
        if pid:
            break
        peak = max(peak, high_water(process.pid))
        if not over and time.perf_counter() - started > limit:
            over = True
            end_group(process.pid)
        time.sleep(LOOK)
    wall = time.perf_counter() - started
    end_group(process.pid)
    process.returncode = os.waitstatus_to_exitcode(status)
    text = log.read_text(encoding="utf-8", errors="replace")
    cpu = usage.ru_utime + usage.ru_stime
    pages = usage.ru_minflt
    return Run(None if over else process.returncode, cpu, wall, peak, pages, text)


def high_water(pid):
    """The most memory that a process held so far, in MiB; 0 where nobody tells."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return 0


def end_group(pid):
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


@contextlib.contextmanager
def serving(command, folder, environment, port, limit):
    """Start a server and wait for its first page; end it with all that it started."""
    with Path(folder, "log.txt").open("wb") as output:
        process = subprocess.Popen(
            [str(word) for word in command],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        if seconds_until(port, "/", "<html", limit) is None:
            raise TimeoutError(Path(folder, "log.txt").read_text(encoding="utf-8")[-2000:])
        yield process
    finally:
        process.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)
        end_group(process.pid)
        process.wait()


def seconds_until(port, path, words, limit):
    """Ask for a page until it holds these words; return the seconds that took, or None."""
    started = time.perf_counter()
    while time.perf_counter() - started < limit:
        with contextlib.suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=limit)
            connection.request("GET", path)
            found = words in connection.getresponse().read().decode("utf-8", "replace")
            connection.close()
            if found:
                return time.perf_counter() - started
        time.sleep(LOOK)
    return None


def summary(runs):
    """The medians of several runs of one command; None if one of them met its limit."""
    if any(one.status is None for one in runs):
        return None
    middle = {name: statistics.median(getattr(r, name) for r in runs) for name in ("cpu", "wall")}
    peak = max(one.peak for one in runs)
    cpu = [round(one.cpu, 3) for one in runs]
    rounded = {name: round(value, 3) for name, value in middle.items()}
    return {**rounded, "peak": round(peak, 1), "rounds": cpu, "status": runs[-1].status}


def ratio(mine, other):
    """The median of the ratios of paired runs: what slows both down is in neither."""
    return statistics.median(a / b for a, b in zip(mine, other, strict=True))


def verdict(control, planted, states, can_state):
    """What a tool makes of a planted fault: "detected", "not detected" or "cannot be stated".

    Raises ValueError if it does not pass what is true: then its failure says nothing.
    """
    if states and states not in can_state:
        return "cannot be stated"
    if control.status != 0:
        raise ValueError(f"fails without a fault: {control.text[-2000:]}")
    return "detected" if planted.status not in (0, None) else "not detected"
