"""Run snippets isolated, in parallel, with a time limit.

On Linux a small fork server (``server.py``) has torch imported and forks one child per
snippet: tens of milliseconds each instead of seconds. Elsewhere forking after ``import
torch`` is not safe, and each snippet gets a fresh interpreter.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

from proofread.fault import FaultError
from proofread.run.inside.limits import OUTPUT
from proofread.run.job import Condition, Job, Outcome

ROOT = str(Path(__file__).resolve().parents[2])
STYLE = Path(__file__).with_name("figures.mplstyle")
#: What every snippet's process is started with, beside the caller's environment.
ENVIRONMENT = {
    "PYTHONUTF8": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
    "MPLBACKEND": "agg",
    # One style for all figures of the site; a copy of a snippet takes the reader's own.
    "MATPLOTLIBRC": str(STYLE),
}
#: torch imports these lazily, in about a second.
LAZY = ("torch._dynamo", "torch.fx.experimental.symbolic_shapes")
#: With fewer jobs than this that need them, importing them for all does not pay.
MANY = 4


class Runner:
    """Runs jobs; keeps the fork server alive between calls. Close it when done."""

    def __init__(
        self,
        processes: int | None = None,
        forks: bool | None = None,
        condition: Condition | None = None,
    ):
        self.processes = processes or cores()
        self.condition = condition or Condition()
        self.forks = forks if forks is not None else _fork_is_safe()
        self.server = None

    def run(self, jobs: Iterable[Job]) -> Iterator[tuple[Job, Outcome]]:
        """Yield each job and its outcome as it ends, in any order.

        Raises FaultError where there is no temporary folder to run them in.
        """
        if waiting := dict(enumerate(jobs)):
            with _temporary_folder() as top:
                for number, job in waiting.items():
                    _write_source(Path(top, str(number)), job.text)
                way = self._run_forked if self.forks else self._run_fresh
                try:
                    for number, ended, seconds in way(waiting, top):
                        folder = Path(top, str(number))
                        yield waiting[number], _outcome(waiting[number], folder, ended, seconds)
                        shutil.rmtree(folder, ignore_errors=True)
                except BaseException:
                    # Interrupted: what still runs must neither go on nor answer the next call.
                    self.close()
                    raise

    def close(self) -> None:
        """Stop the fork server and what it still runs."""
        if self.server:
            self.server.communicate()  # Closes its input, upon which it ends.
            self.server = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _run_forked(self, jobs, top):
        left = dict(jobs)
        try:
            yield from self._ask_server(left, top)
        except (OSError, EOFError):
            # The server died (out of memory, or killed): find out over which snippet.
            self._forget_server()
            for number, job in left.items():
                yield from self._ask_alone(number, job, top)

    def _ask_alone(self, number, job, top):
        try:
            yield from self._ask_server({number: job}, top)
        except (OSError, EOFError):
            self._forget_server()
            yield number, "server", 0.0

    def _ask_server(self, left, top):
        server = self._start_server(sum(job.needs_lazy for job in left.values()) >= MANY)
        for number, job in left.items():
            asked = {"id": number, "timeout": job.timeout, "how": _how(job, Path(top, str(number)))}
            server.stdin.write(json.dumps(asked) + "\n")
        server.stdin.flush()
        while left:
            line = server.stdout.readline()
            if not line:
                raise EOFError
            answer = json.loads(line)
            left.pop(answer["id"])
            yield answer["id"], answer["ended"], answer["seconds"]

    def _start_server(self, many):
        if not self.server:
            self.server = subprocess.Popen(
                [*_command("server"), str(self.processes), "torch", *(LAZY if many else ())],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=self._environment(),
                text=True,
            )
        return self.server

    def _forget_server(self):
        if self.server:
            self.server.kill()
        self.close()

    def _run_fresh(self, jobs, top):
        pool, running = ThreadPoolExecutor(self.processes), set()
        one = partial(_run_one, top=top, environment=self._environment(), running=running)
        try:
            for future in as_completed([pool.submit(one, *pair) for pair in jobs.items()]):
                yield future.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
            for process in list(running):
                _end(process)
            pool.shutdown()

    def _environment(self):
        return {**os.environ, **ENVIRONMENT, **self.condition.environment()}


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):  # Linux
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _temporary_folder():
    try:
        return tempfile.TemporaryDirectory("-proofread", ignore_cleanup_errors=True)
    except OSError as error:
        raise _no_folder(tempfile.gettempdir(), error) from None


def _write_source(folder, text):
    try:
        folder.mkdir()
        (folder / "source").write_text(text, encoding="utf-8")
    except OSError as error:
        raise _no_folder(folder, error) from None


def _no_folder(folder, error):
    advice = "snippets run in a temporary folder: make room, or set TMPDIR"
    return FaultError(folder, 1, f"cannot be written: {error.strerror}; {advice}")


def _fork_is_safe():
    return sys.platform == "linux" and hasattr(os, "pidfd_open")


def _command(module):
    """Start a module of this package, from wherever it is; the child takes ``ROOT`` back."""
    code = f"import sys; sys.path.insert(0, {ROOT!r}); from proofread.run.inside import {module}; "
    return [sys.executable, "-P", "-c", f"{code}{module}.main(*sys.argv[1:])"]


def _how(job, folder):
    """What ``child.execute`` takes."""
    return {"path": job.path, "folder": str(folder), "root": job.root, "memory": job.memory}


def _run_one(number, job, top, environment, running):
    """Run one job in a fresh interpreter, which is among ``running`` meanwhile."""
    started = time.monotonic()
    process = subprocess.Popen(
        [*_command("child"), json.dumps(_how(job, Path(top, str(number))))],
        env=environment,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )
    running.add(process)
    try:
        code = process.wait(job.timeout)
        ended = f"exit {code}" if code >= 0 else f"signal {-code}"
    except subprocess.TimeoutExpired:
        ended = "timeout"
    finally:
        _end(process)
        running.discard(process)
    return number, ended, time.monotonic() - started


def _end(process):
    """Kill a process and, where there are process groups, all that it started."""
    if hasattr(os, "killpg"):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.wait()


def _outcome(job, folder, ended, seconds):
    stdout, stderr = _read(folder / "stdout"), _read(folder / "stderr")
    today = datetime.now(UTC).date().isoformat()
    common: dict[str, Any] = {"stderr": stderr.decode("utf-8", "replace"), "date": today}
    written, size = folder / "result.json", _size(folder / "stdout")
    if size > OUTPUT.value:
        ended = f"flood {size}"
    elif ended == "exit 0" and written.exists():
        result = json.loads(written.read_text(encoding="utf-8"))
        ends = result.pop("ends")
        cuts = pairwise([0, *ends])
        outputs = [stdout[start:end].decode("utf-8", "replace") for start, end in cuts]
        return Outcome.from_json({"ended": "done", "outputs": outputs, **result, **common})
    output = stdout.decode("utf-8", "replace")
    detail = _detail(ended, job.timeout)
    kind = "timeout" if ended == "timeout" else "crash"
    *_, line = (None, *map(int, _read(folder / "line").split()))
    seconds = round(seconds, 4)
    return Outcome(kind, [output], detail=detail, line=line, seconds=seconds, **common)


def _read(path):
    if not path.exists():
        return b""
    with path.open("rb") as file:
        return file.read(OUTPUT.value)


def _size(path):
    return path.stat().st_size if path.exists() else 0


def _detail(ended, timeout):
    word, _, number = ended.partition(" ")
    if word == "timeout":
        return f"still running after {timeout:g} s; raise the limit with '# timeout: SECONDS'"
    if word == "flood":
        return f"prints {int(number):,} bytes; {OUTPUT}"
    if word == "signal":
        hint = "; is there enough memory?" if int(number) == signal.SIGKILL else ""
        return f"killed by signal {number} ({signal.strsignal(int(number))}){hint}"
    if word == "server":
        return "the fork server died twice while it ran; is there enough memory?"
    return f"the process ended with code {number} before the snippet came to its end"
