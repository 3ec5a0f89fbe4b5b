"""The fork server's own program: import torch once, then fork one child per snippet.

It only imports and never runs tensor code: a fork after an OpenMP pool has started can hang
the child. Reads jobs as JSON lines from standard input, ``{"id", "path", "folder",
"timeout"}``, and answers ``{"id", "ended", "seconds"}``, where ``ended`` is ``"exit N"``,
``"signal N"`` or ``"timeout"``. Ends, with its children, when standard input closes.
"""

import ctypes
import importlib
import json
import os
import selectors
import signal
import sys
import time
from collections import deque
from contextlib import suppress

from .child import execute

PR_SET_PDEATHSIG = 1


class Server:
    """Forks children for jobs, at most ``jobs`` at a time, and kills those that outstay."""

    def __init__(self, jobs):
        self.jobs = jobs
        self.waiting = deque()
        self.running = {}
        self.selector = selectors.DefaultSelector()
        self.selector.register(0, selectors.EVENT_READ)
        self.pending = b""
        # For prctl: children must not outlive a killed server.
        self.libc = ctypes.CDLL(None)

    def serve(self):
        """Work until standard input closes."""
        while True:
            while self.waiting and len(self.running) < self.jobs:
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
        started, pid = time.monotonic(), os.fork()
        if pid == 0:
            os.setsid()
            self.libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
            self.selector.close()
            execute(job["path"], job["folder"])
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
        ended = ended or (f"exit {code}" if code >= 0 else f"signal {-code}")
        answer = {"id": job["id"], "ended": ended, "seconds": time.monotonic() - started}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()

    def _stop(self):
        for _, pid, _ in self.running.values():
            _kill_group(pid)


def _kill_group(pid):
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def main(jobs, *modules):
    # Ctrl-C in a terminal reaches the whole group; the client decides when to end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for module in modules:
        importlib.import_module(module)
    Server(int(jobs)).serve()
