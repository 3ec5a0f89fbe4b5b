"""Measure entries in worker processes, each entry with a time limit; keep what is done."""

import json
import os
import queue
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "PYTHONHASHSEED": "0"}
#: Seconds for one entry with all its samples.
LIMIT = 300.0


class Worker:
    """A process that measures one entry after another."""

    def __init__(self):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "measured.operators.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
            env={**os.environ, **ENVIRONMENT},
            text=True,
        )
        self.answers = queue.SimpleQueue()
        threading.Thread(target=self._read, daemon=True).start()
        self.answer(LIMIT)

    def _read(self):
        for line in self.process.stdout:
            with suppress(ValueError):
                self.answers.put(json.loads(line))
        self.answers.put(None)

    def answer(self, limit):
        """Return the next answer. Raises TimeoutError, or EOFError if the process died."""
        try:
            answer = self.answers.get(timeout=limit)
        except queue.Empty:
            raise TimeoutError(f"still running after {limit:g} s") from None
        if answer is None:
            raise EOFError(f"the process ended with code {self.process.wait()}")
        return answer

    def ask(self, kind, key):
        self.process.stdin.write(json.dumps([kind, key]) + "\n")
        self.process.stdin.flush()
        return self.answer(LIMIT)

    def close(self):
        self.process.kill()
        self.process.wait()


def run(wanted, done, jobs=None):
    """Measure the wanted (kind, key) pairs; call ``done(pair, record)`` as each ends."""
    waiting, lock = queue.SimpleQueue(), threading.Lock()
    for pair in wanted:
        waiting.put(pair)

    def work():
        worker = None
        with suppress(queue.Empty):
            while True:
                pair = waiting.get_nowait()
                try:
                    worker = worker or Worker()
                    record = worker.ask(*pair)
                except (TimeoutError, EOFError, OSError) as error:
                    record = _failed(*pair, str(error))
                    if worker:
                        worker.close()
                    worker = None
                with lock:
                    done(pair, record)
        if worker:
            worker.close()

    threads = [threading.Thread(target=work) for _ in range(jobs or os.cpu_count() or 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _failed(kind, key, why):
    return {"kind": kind, "key": key, "status": "not measured", "why": why}
