"""The fork server's own program: import torch once, then fork one child per snippet.

It only imports and never runs tensor code: a fork after an OpenMP pool has started can hang
the child. Reads ``{"id", "timeout", "how"}`` as JSON lines from standard input, where ``how`` is
what ``child.execute`` takes, and answers ``{"id", "ended", "seconds"}``, where ``ended`` is
``"exit N"``, ``"signal N"`` or ``"timeout"``. Ends, with its children, when standard input closes.
"""

import ctypes
import gc
import importlib
import importlib.util
import json
import os
import selectors
import signal
import sys
import time
from collections import deque
from contextlib import suppress
from pathlib import Path

from proofread.run.inside.child import execute, seed

PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36

#: How many generations of strays are ended.
PATIENCE = 100


class Server:
    """Forks children, at most so many at a time, and kills those that outstay."""

    def __init__(self, processes: int):
        self.processes = processes
        self.waiting = deque()
        self.running = {}
        self.selector = selectors.DefaultSelector()
        self.selector.register(0, selectors.EVENT_READ)
        self.pending = b""
        self.libc = ctypes.CDLL(None)
        # What snippets leave behind, in whatever session, becomes ours to end.
        self.libc.prctl(PR_SET_CHILD_SUBREAPER, 1)

    def serve(self) -> None:
        """Work until standard input closes."""
        while True:
            while self.waiting and len(self.running) < self.processes:
                self._start(self.waiting.popleft())
            for key, _ in self.selector.select(self._patience()):
                if key.fd != 0:
                    self._finish(key.fd)
                elif not self._read():
                    return self._stop()
            self._expire()

    def _read(self):
        chunk = os.read(0, 1 << 16)
        *lines, self.pending = (self.pending + chunk).split(b"\n")
        self.waiting.extend(json.loads(line) for line in lines)
        return bool(chunk)

    def _start(self, job):
        server = os.getpid()
        started, pid = time.monotonic(), os.fork()
        if pid == 0:
            os.setsid()
            # Children must not outlive a killed server.
            self.libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
            if os.getppid() != server:
                os._exit(1)
            self.selector.close()
            execute(**job["how"])
        watch = os.pidfd_open(pid)
        self.selector.register(watch, selectors.EVENT_READ)
        self.running[watch] = (job, pid, started)

    def _patience(self):
        deadlines = [started + job["timeout"] for job, _, started in self.running.values()]
        return max(0.0, min(deadlines) - time.monotonic()) if deadlines else None

    def _expire(self):
        now = time.monotonic()
        for watch, (job, _, started) in list(self.running.items()):
            if now >= started + job["timeout"]:
                self._finish(watch, "timeout")

    def _finish(self, watch, ended=None):
        job, pid, started = self.running.pop(watch)
        self.selector.unregister(watch)
        os.close(watch)
        # The whole process group: a snippet may have left processes behind.
        _kill_group(pid)
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        self._end_strays()
        ended = ended or (f"exit {code}" if code >= 0 else f"signal {-code}")
        answer = {"id": job["id"], "ended": ended, "seconds": time.monotonic() - started}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()

    def _stop(self):
        for _, pid, _ in self.running.values():
            _kill_group(pid)
        self.running.clear()
        self._end_strays()

    def _end_strays(self):
        """End processes that lost their parent, unless they belong to a snippet at work."""
        at_work = {pid for _, pid, _ in self.running.values()}
        for _ in range(PATIENCE):
            strays = [pid for pid in _children() - at_work if os.getsid(pid) not in at_work]
            for pid in strays:
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
            if not strays:  # Whose own children are ours by now.
                return


def _kill_group(pid):
    # It may not have made its group yet.
    for kill in (os.killpg, os.kill):
        with suppress(ProcessLookupError, PermissionError):
            kill(pid, signal.SIGKILL)


def _children():
    try:
        listed = Path(f"/proc/self/task/{os.getpid()}/children").read_text()
    except OSError:  # A kernel without this file.
        return set()
    return set(map(int, listed.split()))


def main(processes: str, *modules: str) -> None:
    """Import these modules, as far as this PyTorch has them, and serve."""
    # Both may reach the whole group; the client decides when to end, by closing our input.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    for module in modules:
        if importlib.util.find_spec(module):
            importlib.import_module(module)
    # Once for all: each child would take as long for it as for all the rest.
    seed()
    # What is imported stays: a child that collects garbage need not look at it, nor copy its pages.
    gc.collect()
    gc.freeze()
    Server(int(processes)).serve()
