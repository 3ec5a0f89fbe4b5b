"""Run snippets isolated, in parallel, with a time limit.

On Linux a small fork server (``server.py``) has torch imported and forks one child per
snippet: tens of milliseconds each instead of seconds. Elsewhere forking after ``import
torch`` is not safe, and each snippet gets a fresh interpreter.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from functools import partial
from itertools import pairwise
from pathlib import Path

from proofread.fault import FaultError
from proofread.run.inside.child import CHANCE, MAX_OUTPUT, SEED, THREADS
from proofread.run.inside.limits import MEMORY

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
#: torch imports these lazily, in about a second, at the first call of what NEEDS_LAZY names.
LAZY = ("torch._dynamo", "torch.fx.experimental.symbolic_shapes")
NEEDS_LAZY = re.compile(r"torch\.(optim|func|compile|vmap)|gradcheck|checkpoint")
#: With fewer such snippets than this to run, importing it for all of them does not pay.
MANY = 4


@dataclass(frozen=True)
class Condition:
    """What differs from one machine, or one run, to the next."""

    seed: int = SEED
    hash_seed: int = SEED
    threads: int = 1

    def __str__(self):
        return f"seed {self.seed}, hash seed {self.hash_seed}, {self.threads} threads"

    def environment(self):
        """The environment variables that bring it about."""
        libraries = (THREADS, "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")
        threads = dict.fromkeys(libraries, str(self.threads))
        # Threads that wait leave the cores to others.
        chance = {CHANCE: str(self.seed), "PYTHONHASHSEED": str(self.hash_seed)}
        return {**chance, **threads, "OMP_WAIT_POLICY": "PASSIVE"}


@dataclass(frozen=True)
class Outcome:
    """What a snippet did when it ran."""

    #: "done" if it came to its end or raised; otherwise "timeout" or "crash".
    ended: str
    #: What each top-level statement that ran printed.
    outputs: list = field(default_factory=list)
    #: [statement index, category, message] of each Python warning.
    warnings: list = field(default_factory=list)
    #: {"statement", "kind", "message", "line"} of the exception that ended it, or None.
    error: dict | None = None
    #: What it wrote to standard error.
    stderr: str = ""
    #: Its final globals, as far as a page can show them.
    values: dict = field(default_factory=dict)
    #: Its matplotlib figures among the final globals, as SVG.
    figures: dict = field(default_factory=dict)
    #: The autograd graph of its final globals: what ``walk.graph`` returns, as JSON.
    graph: str = "[]"
    seconds: float = 0.0
    #: UTC day on which it ran, ISO 8601.
    date: str = ""
    #: For a time-out or a crash: how it ended, in words, and the line of the statement at work.
    detail: str = ""
    line: int | None = None

    def to_json(self):
        return asdict(self)


class Runner:
    """Runs snippets; keeps the fork server alive between calls. Close it when done."""

    def __init__(self, jobs=None, fresh=None, condition=None):
        self.jobs = jobs or os.cpu_count() or 1
        self.condition = condition or Condition()
        self.fresh = fresh if fresh is not None else not _fork_is_safe()
        self.server = None

    def run(self, snippets):
        """Yield (snippet, Outcome) as each snippet ends, in any order.

        Raises FaultError where there is no temporary folder to run them in.
        """
        snippets = list(snippets)
        if snippets:
            with _temporary_folder() as top:
                folders = {str(i): Path(top, str(i)) for i in range(len(snippets))}
                for folder, snippet in zip(folders.values(), snippets, strict=True):
                    _write_source(folder, snippet)
                jobs = {i: _job(i, s, folders[i]) for i, s in zip(folders, snippets, strict=True)}
                way = self._run_fresh if self.fresh else self._run_forked
                try:
                    for number, ended, seconds in way(jobs):
                        snippet = snippets[int(number)]
                        yield snippet, _outcome(snippet, folders[number], ended, seconds)
                        shutil.rmtree(folders[number], ignore_errors=True)
                except BaseException:
                    # Interrupted: what still runs must neither go on nor answer the next call.
                    self.close()
                    raise

    def close(self):
        """Stop the fork server and what it still runs."""
        if self.server:
            self.server.stdin.close()
            self.server.wait()
            self.server.stdout.close()
            self.server = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _run_forked(self, jobs):
        left = dict(jobs)
        try:
            yield from self._ask_server(left)
        except (OSError, EOFError):
            # The server died (out of memory, or killed): find out over which snippet.
            self._forget_server()
            for number, job in left.items():
                yield from self._ask_alone(number, job)

    def _ask_alone(self, number, job):
        try:
            yield from self._ask_server({number: job})
        except (OSError, EOFError):
            self._forget_server()
            yield number, "server", 0.0

    def _ask_server(self, left):
        needing = sum(job["lazy"] for job in left.values())
        server = self._start_server(many=needing >= MANY)
        lines = "".join(json.dumps(job) + "\n" for job in left.values())
        server.stdin.write(lines)
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
                [*_command("server"), str(self.jobs), *_preload(many)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=self._environment(),
                text=True,
            )
        return self.server

    def _forget_server(self):
        self.server.kill()
        self.server.wait()
        self.server = None

    def _run_fresh(self, jobs):
        pool, running = ThreadPoolExecutor(self.jobs), set()
        one = partial(_run_one, environment=self._environment(), running=running)
        try:
            for future in as_completed([pool.submit(one, job) for job in jobs.values()]):
                yield future.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
            for process in list(running):
                _end(process)
            pool.shutdown()

    def _environment(self):
        return {**os.environ, **ENVIRONMENT, **self.condition.environment()}


def _temporary_folder():
    try:
        return tempfile.TemporaryDirectory("-proofread", ignore_cleanup_errors=True)
    except OSError as error:
        raise _no_folder(tempfile.gettempdir(), error) from None


def _write_source(folder, snippet):
    try:
        folder.mkdir()
        (folder / "source").write_text(snippet.text, encoding="utf-8")
    except OSError as error:
        raise _no_folder(folder, error) from None


def _no_folder(folder, error):
    advice = "snippets run in a temporary folder: make room, or set TMPDIR"
    return FaultError(folder, 1, f"cannot be written: {error.strerror}; {advice}")


def _fork_is_safe():
    return sys.platform == "linux" and hasattr(os, "pidfd_open")


def _preload(many):
    return ["torch", *LAZY] if many else ["torch"]


def _command(module):
    """Start a module of this package, from wherever it is; the child takes ``ROOT`` back."""
    code = f"import sys; sys.path.insert(0, {ROOT!r}); from proofread.run.inside import {module}; "
    return [sys.executable, "-P", "-c", f"{code}{module}.main(*sys.argv[1:])"]


def _job(number, snippet, folder):
    path, folder, root = str(snippet.file), str(folder), str(snippet.root)
    memory = "" if "cuda" in snippet.requires else str(MEMORY)
    where = {"path": path, "folder": folder, "root": root}
    where["lazy"] = bool(NEEDS_LAZY.search(snippet.text))
    return {"id": number, **where, "memory": memory, "timeout": snippet.timeout}


def _run_one(job, environment, running):
    """Run one job in a fresh interpreter, which is among ``running`` meanwhile."""
    started = time.monotonic()
    process = subprocess.Popen(
        [*_command("child"), job["path"], job["folder"], job["root"], job["memory"]],
        env=environment,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )
    running.add(process)
    try:
        code = process.wait(job["timeout"])
        ended = f"exit {code}" if code >= 0 else f"signal {-code}"
    except subprocess.TimeoutExpired:
        ended = "timeout"
    finally:
        _end(process)
        running.discard(process)
    return job["id"], ended, time.monotonic() - started


def _end(process):
    """Kill a process and, where there are process groups, all that it started."""
    if hasattr(os, "killpg"):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.wait()


def _outcome(snippet, folder, ended, seconds):
    stdout, stderr = _read(folder / "stdout"), _read(folder / "stderr")
    today = datetime.now(UTC).date().isoformat()
    common = {"stderr": stderr.decode("utf-8", "replace"), "date": today}
    written, size = folder / "result.json", _size(folder / "stdout")
    if size > MAX_OUTPUT:
        ended = f"flood {size}"
    elif ended == "exit 0" and written.exists():
        result = json.loads(written.read_text(encoding="utf-8"))
        ends = result.pop("ends")
        cuts = pairwise([0, *ends])
        outputs = [stdout[start:end].decode("utf-8", "replace") for start, end in cuts]
        return Outcome(ended="done", outputs=outputs, **result, **common)
    output = stdout.decode("utf-8", "replace")
    detail = _detail(ended, snippet.timeout)
    kind = "timeout" if ended == "timeout" else "crash"
    *_, line = (None, *map(int, _read(folder / "line").split()))
    seconds = round(seconds, 4)
    return Outcome(kind, [output], detail=detail, line=line, seconds=seconds, **common)


def _read(path):
    if not path.exists():
        return b""
    with path.open("rb") as file:
        return file.read(MAX_OUTPUT)


def _size(path):
    return path.stat().st_size if path.exists() else 0


def _detail(ended, timeout):
    word, _, number = ended.partition(" ")
    if word == "timeout":
        return f"still running after {timeout:g} s; raise the limit with '# timeout: SECONDS'"
    if word == "flood":
        return f"prints {int(number):,} bytes; print less than {MAX_OUTPUT:,}"
    if word == "signal":
        hint = "; is there enough memory?" if int(number) == signal.SIGKILL else ""
        return f"killed by signal {number} ({signal.strsignal(int(number))}){hint}"
    if word == "server":
        return "the fork server died twice while it ran; is there enough memory?"
    return f"the process ended with code {number} before the snippet came to its end"
