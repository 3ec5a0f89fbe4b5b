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
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

from .child import MAX_OUTPUT, SEED

ROOT = str(Path(__file__).resolve().parents[1])
STYLE = Path(__file__).with_name("figures.mplstyle")
#: What every snippet's process is started with, beside the caller's environment.
ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PYTHONHASHSEED": str(SEED),
    "PYTHONUTF8": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
    "MPLBACKEND": "agg",
    # One style for all figures of the site; a copy of a snippet takes the reader's own.
    "MATPLOTLIBRC": str(STYLE),
}
#: torch imports these lazily, in more than a second, at the first torch.func or gradcheck call.
LAZY = ("torch._dynamo", "torch.fx.experimental.symbolic_shapes")
#: With fewer snippets than this to run, importing what torch imports lazily does not pay.
MANY = 4


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
    seconds: float = 0.0
    #: UTC day on which it ran, ISO 8601.
    date: str = ""
    #: For a time-out or a crash: how it ended, in words.
    detail: str = ""

    def to_json(self):
        return asdict(self)


class Runner:
    """Runs snippets; keeps the fork server alive between calls. Close it when done."""

    def __init__(self, jobs=None, fresh=None):
        self.jobs = jobs or os.cpu_count() or 1
        self.fresh = fresh if fresh is not None else not _fork_is_safe()
        self.server = None

    def run(self, snippets):
        """Yield (snippet, Outcome) as each snippet ends, in any order."""
        snippets = list(snippets)
        if snippets:
            with tempfile.TemporaryDirectory("-proofread", ignore_cleanup_errors=True) as top:
                folders = {str(i): Path(top, str(i)) for i in range(len(snippets))}
                for folder, snippet in zip(folders.values(), snippets, strict=True):
                    folder.mkdir()
                    (folder / "source").write_text(snippet.text, encoding="utf-8")
                jobs = {i: _job(i, s, folders[i]) for i, s in zip(folders, snippets, strict=True)}
                way = self._run_fresh if self.fresh else self._run_forked
                for number, ended, seconds in way(jobs):
                    snippet = snippets[int(number)]
                    yield snippet, _outcome(snippet, folders[number], ended, seconds)
                    shutil.rmtree(folders[number], ignore_errors=True)

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
        for _ in (1, 2):
            try:
                yield from self._ask_server(left)
            except (OSError, EOFError):
                # The server died (out of memory, or killed): start another one, once.
                self._forget_server()
            if not left:
                return
        for number in list(left):
            yield number, "server", 0.0

    def _ask_server(self, left):
        server = self._start_server(many=len(left) >= MANY)
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
                env=_environment(),
                text=True,
            )
        return self.server

    def _forget_server(self):
        self.server.kill()
        self.server.wait()
        self.server = None

    def _run_fresh(self, jobs):
        with ThreadPoolExecutor(self.jobs) as pool:
            futures = [pool.submit(_run_one, job) for job in jobs.values()]
            for future in as_completed(futures):
                yield future.result()


def _fork_is_safe():
    return sys.platform == "linux" and hasattr(os, "pidfd_open")


def _preload(many):
    return ["torch", *LAZY] if many else ["torch"]


def _environment():
    return {**os.environ, **ENVIRONMENT}


def _command(module):
    """Start a module of this package, from wherever it is; the child takes ``ROOT`` back."""
    code = f"import sys; sys.path.insert(0, {ROOT!r}); from proofread import {module}; "
    return [sys.executable, "-P", "-c", f"{code}{module}.main(*sys.argv[1:])"]


def _job(number, snippet, folder):
    path, folder = str(snippet.file), str(folder)
    return {"id": number, "path": path, "folder": folder, "timeout": snippet.timeout}


def _run_one(job):
    """Run one job in a fresh interpreter."""
    started = time.monotonic()
    process = subprocess.Popen(
        [*_command("child"), job["path"], job["folder"]],
        env=_environment(),
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        code = process.wait(job["timeout"])
        ended = f"exit {code}" if code >= 0 else f"signal {-code}"
    except subprocess.TimeoutExpired:
        ended = "timeout"
    finally:
        _end(process)
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
    written = folder / "result.json"
    if ended != "timeout" and written.exists():
        result = json.loads(written.read_text(encoding="utf-8"))
        ends = result.pop("ends")
        cuts = pairwise([0, *ends])
        outputs = [stdout[start:end].decode("utf-8", "replace") for start, end in cuts]
        return Outcome(ended="done", outputs=outputs, **result, **common)
    output = stdout.decode("utf-8", "replace")
    detail = _detail(ended, snippet.timeout)
    kind = "timeout" if ended == "timeout" else "crash"
    return Outcome(kind, [output], detail=detail, seconds=round(seconds, 4), **common)


def _read(path):
    if not path.exists():
        return b""
    with path.open("rb") as file:
        return file.read(MAX_OUTPUT)


def _detail(ended, timeout):
    word, _, number = ended.partition(" ")
    if word == "timeout":
        return f"still running after {timeout:g} s; raise the limit with '# timeout: SECONDS'"
    if word == "signal":
        return f"killed by signal {number} ({signal.strsignal(int(number))})"
    if word == "server":
        return "the fork server died twice while it ran; is there enough memory?"
    return f"the process ended with code {number} before the snippet came to its end"
