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

from proofread.run.inside.processes import end_group

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


def run(command, folder, environment, limit) -> Run:
    """Run a command to its end, or for ``limit`` seconds; then all that it started is ended."""
    started, peak, over, pid = time.perf_counter(), 0, False, 0
    process, log = start(command, folder, environment)
    while not pid:
        peak = max(peak, high_water(process.pid))
        if not over and time.perf_counter() - started > limit:
            over = True
            end_group(process.pid)
        time.sleep(LOOK)
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
    wall = time.perf_counter() - started
    end_group(process.pid)
    process.returncode = os.waitstatus_to_exitcode(status)
    text = log.read_text(encoding="utf-8", errors="replace")
    cpu = usage.ru_utime + usage.ru_stime
    return Run(None if over else process.returncode, cpu, wall, peak, usage.ru_minflt, text)


def start(command, folder, environment):
    """Start a command in a group of its own; return the process and the file that it prints to."""
    log, words = Path(folder, "log.txt"), [str(word) for word in command]
    with log.open("wb") as output:
        files = {"stdin": subprocess.DEVNULL, "stdout": output, "stderr": subprocess.STDOUT}
        process = subprocess.Popen(
            words, cwd=folder, env=environment, start_new_session=True, **files
        )
    return process, log


def high_water(pid: int) -> float:
    """The most memory that a process held so far, in MiB; 0 where nobody tells."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return 0


@contextlib.contextmanager
def serving(command, folder, environment, port, limit):
    """Start a server and wait for its first page; end it with all that it started."""
    process, log = start(command, folder, environment)
    try:
        if seconds_until(port, "/", "<html", limit) is None:
            raise TimeoutError(log.read_text(encoding="utf-8")[-2000:])
        yield process
    finally:
        process.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)
        end_group(process.pid)
        process.wait()


def seconds_until(port: int, path: str, words: str, limit: float) -> float | None:
    """Ask for a page until it holds these words; return the seconds that took, or None."""
    started = time.perf_counter()
    while time.perf_counter() - started < limit:
        with contextlib.suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=limit)
            with contextlib.closing(connection):
                connection.request("GET", path)
                if words in connection.getresponse().read().decode("utf-8", "replace"):
                    return time.perf_counter() - started
        time.sleep(LOOK)
    return None


def summary(runs: list[Run]) -> dict | None:
    """The medians of several runs of one command; None if one of them met its limit."""
    if any(one.status is None for one in runs):
        return None
    return {
        "cpu": round(statistics.median(one.cpu for one in runs), 3),
        "wall": round(statistics.median(one.wall for one in runs), 3),
        "peak": round(max(one.peak for one in runs), 1),
        "rounds": [round(one.cpu, 3) for one in runs],
        "status": runs[-1].status,
    }


def verdict(control: Run, planted: Run, states: str, can_state: tuple) -> str:
    """What a tool makes of a planted fault: "detected", "not detected" or "cannot be stated".

    Raises ValueError if it does not pass what is true: then its failure says nothing.
    """
    if states and states not in can_state:
        return "cannot be stated"
    if control.status != 0:
        raise ValueError(f"fails without a fault: {control.text[-2000:]}")
    return "detected" if planted.status not in (0, None) else "not detected"
