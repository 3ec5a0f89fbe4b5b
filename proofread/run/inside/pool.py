"""What stands for the fork server where forking is not safe: interpreters started ahead of need.

Each imports torch, says so, waits for one job, and ends with it, so that a snippet's time limit
begins when it does. Takes and gives the same lines as the fork server, and ends like it.
"""

import json
import os
import subprocess
import sys
import threading
import time
from queue import SimpleQueue

from proofread.run.inside.processes import (
    adopt,
    command,
    end_group,
    end_strays,
    ending,
    outlast_interrupts,
    remove_folders,
)


class Pool:
    """Runs jobs, at most so many at a time, each in an interpreter of its own."""

    def __init__(self, processes: int, modules: tuple[str, ...]):
        self.processes, self.modules = processes, modules
        self.jobs, self.unfinished = SimpleQueue(), {}
        self.interpreters, self.threads, self.said = set(), 0, False
        #: Nothing starts while strays are looked for, or would be taken for one.
        self.lock = threading.RLock()
        adopt()

    def serve(self) -> None:
        """Work until standard input closes."""
        self._add_thread()
        for line in sys.stdin:
            job = json.loads(line)
            self.unfinished[job["id"]] = job
            self.jobs.put(job)
            self._add_thread()
        with self.lock:
            for interpreter in self.interpreters:
                end_group(interpreter.pid)
            self.interpreters.clear()
            end_strays(())
            remove_folders(self.unfinished.values())
            os._exit(0)

    def _add_thread(self):
        # It starts interpreters, and Linux ends these with the thread: none ends before us.
        if self.threads < min(self.processes, max(1, len(self.unfinished))):
            self.threads += 1
            threading.Thread(target=self._work, daemon=True).start()

    def _work(self):
        while True:
            interpreter = self._start()
            why = interpreter.stdout.readline().strip()
            if why != "ready":
                why = why or f"the interpreter ended with {ending(interpreter.wait())}"
            with self.lock:
                if why != "ready" or not self.said:
                    self._say({"broken": "" if why == "ready" else why})
                self.said = True
            job = self.jobs.get()
            self._say(self._run(interpreter, job), job)

    def _start(self):
        with self.lock:
            interpreter = subprocess.Popen(
                [*command("child"), *self.modules],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                encoding="utf-8",
                start_new_session=True,
            )
            self.interpreters.add(interpreter)
        return interpreter

    def _run(self, interpreter, job):
        started = time.monotonic()
        try:
            interpreter.stdin.write(json.dumps(job["how"]) + "\n")
            interpreter.stdin.flush()
            ended = ending(interpreter.wait(job["timeout"]))
        except subprocess.TimeoutExpired:
            ended = "timeout"
        except OSError:  # It was killed while it waited.
            ended = ending(interpreter.wait())
        with self.lock:
            end_group(interpreter.pid)
            interpreter.kill()
            interpreter.wait()
            self.interpreters.discard(interpreter)
            end_strays({other.pid for other in self.interpreters})
        interpreter.stdin.close()
        interpreter.stdout.close()
        return {"id": job["id"], "ended": ended, "seconds": time.monotonic() - started}

    def _say(self, answer, job=None):
        with self.lock:
            if job:
                del self.unfinished[job["id"]]
            print(json.dumps(answer), flush=True)


def main(processes: str, *modules: str) -> None:
    """Serve with interpreters that have torch imported, and these modules."""
    outlast_interrupts()
    Pool(int(processes), modules).serve()
