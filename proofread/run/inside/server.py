"""The fork server's own program: import torch once, then fork one child per snippet.

It only imports and never runs tensor code: a fork after an OpenMP pool has started can hang
the child. Reads ``{"id", "timeout", "how"}`` as JSON lines from standard input, where ``how`` is
what ``child.execute`` takes, and answers ``{"id", "ended", "seconds"}``, where ``ended`` is
``"exit N"``, ``"signal N"`` or ``"timeout"``. Before all of them it says ``{"broken"}``: why torch
cannot be imported, or "". Ends, with its children, when standard input closes.
"""

import gc
import json
import os
import selectors
import sys
import time
from collections import deque

from proofread.run.inside.child import execute, load
from proofread.run.inside.processes import (
    adopt,
    end_group,
    end_strays,
    end_with,
    ending,
    outlast_interrupts,
    remove_folders,
)


class Server:
    """Forks children, at most so many at a time, and kills those that outstay."""

    def __init__(self, processes: int):
        self.processes = processes
        self.waiting = deque()
        self.running = {}
        self.selector = selectors.DefaultSelector()
        self.selector.register(0, selectors.EVENT_READ)
        self.pending = b""
        adopt()

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
            end_with(server, 0)
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
        end_group(pid)
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        self._end_strays()
        ended = ended or ending(code)
        answer = {"id": job["id"], "ended": ended, "seconds": time.monotonic() - started}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()

    def _stop(self):
        left = [*self.waiting, *(job for job, _, _ in self.running.values())]
        for _, pid, _ in self.running.values():
            end_group(pid)
        self.running.clear()
        self._end_strays()
        remove_folders(left)

    def _end_strays(self):
        end_strays({pid for _, pid, _ in self.running.values()})


def main(processes: str, *modules: str) -> None:
    """Import these modules, as far as this PyTorch has them, say so, and serve."""
    outlast_interrupts()
    why = load(modules)
    print(json.dumps({"broken": why}), flush=True)
    if why:
        return
    # What is imported stays: a child that collects garbage need not look at it, nor copy its pages.
    gc.collect()
    gc.freeze()
    Server(int(processes)).serve()
