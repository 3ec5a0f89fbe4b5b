"""Run snippets isolated, in parallel, with a time limit.

On Linux a small fork server (``server.py``) has torch imported and forks one child per
snippet: tens of milliseconds each instead of a second. Elsewhere forking after ``import
torch`` is not safe, and a pool (``pool.py``) starts an interpreter for each. Both are programs of
their own that take and give the same lines; ``PROOFREAD_NO_FORK=1`` chooses the second on Linux.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from proofread.fault import FaultError
from proofread.run.inside.limits import OUTPUT
from proofread.run.inside.processes import command, ending
from proofread.run.job import Condition, Job, Outcome
from proofread.run.surroundings import surroundings

#: torch imports these lazily, in about a second. Whether a snippet finds them imported depends on
#: nothing but its text.
LAZY = ("torch._dynamo", "torch.fx.experimental.symbolic_shapes")
BOTH = (False, True)


class Runner:
    """Runs jobs; keeps the servers alive between calls. Close it when done."""

    def __init__(
        self,
        processes: int | None = None,
        forks: bool | None = None,
        condition: Condition | None = None,
    ):
        self.processes = processes or cores()
        self.condition = condition or Condition()
        self.forks = forks if forks is not None else _fork_is_safe()
        #: By whether they have imported what is lazy.
        self.servers: dict[bool, subprocess.Popen] = {}
        #: Those that said that they can work.
        self.greeted: set[bool] = set()

    def run(self, jobs: Iterable[Job]) -> Iterator[tuple[Job, Outcome]]:
        """Yield each job and its outcome as it ends, in any order.

        Raises FaultError where there is no temporary folder to run them in, or no PyTorch.
        """
        if waiting := dict(enumerate(jobs)):
            with _temporary_folder() as top:
                for number, job in waiting.items():
                    _write_source(Path(top, str(number)), job)
                try:
                    for number, ended, seconds in self._run(waiting, top):
                        folder = Path(top, str(number))
                        yield waiting[number], _outcome(waiting[number], folder, ended, seconds)
                        shutil.rmtree(folder, ignore_errors=True)
                except BaseException:
                    # Interrupted: what still runs must neither go on nor answer the next call.
                    self.close()
                    raise

    def close(self) -> None:
        """Stop the servers and what they still run."""
        while self.servers:
            lazy, server = self.servers.popitem()
            self.greeted.discard(lazy)
            server.communicate()  # Closes its input, upon which it ends.

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _run(self, jobs, top):
        kinds = {lazy: {n: j for n, j in jobs.items() if j.needs_lazy == lazy} for lazy in BOTH}
        for lazy in filter(kinds.get, kinds):
            self._start(lazy)
        for lazy, left in kinds.items():
            try:
                yield from self._ask(lazy, left, top)
            except (OSError, EOFError):
                # The server died (out of memory, or killed): find out over which snippet.
                self._forget(lazy)
                for number, job in left.items():
                    yield from self._ask_alone(lazy, number, job, top)

    def _ask_alone(self, lazy, number, job, top):
        try:
            yield from self._ask(lazy, {number: job}, top)
        except (OSError, EOFError):
            self._forget(lazy)
            yield number, "server", 0.0

    def _ask(self, lazy, left, top):
        """Have jobs run; takes each from ``left`` when it is answered."""
        if not left:
            return
        server = self._start(lazy)
        for number, job in left.items():
            asked = {"id": number, "timeout": job.timeout, "how": _how(job, Path(top, str(number)))}
            server.stdin.write(json.dumps(asked) + "\n")
        server.stdin.flush()
        while left:
            line = server.stdout.readline()
            if not line and lazy not in self.greeted:
                raise _no_torch(f"the interpreter ended with {ending(server.wait())}")
            if not line:
                raise EOFError
            self.greeted.add(lazy)
            answer = json.loads(line)
            if why := answer.get("broken"):
                raise _no_torch(why)
            if "id" in answer:
                left.pop(answer["id"])
                yield answer["id"], answer["ended"], answer["seconds"]

    def _start(self, lazy):
        if lazy not in self.servers:
            self.servers[lazy] = subprocess.Popen(
                [
                    *command("server" if self.forks else "pool"),
                    *(str(self.processes), *(LAZY if lazy else ())),
                ],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                cwd=tempfile.gettempdir(),
                env={**surroundings(), **self.condition.environment()},
                text=True,
                encoding="utf-8",
            )
        return self.servers[lazy]

    def _forget(self, lazy):
        self.greeted.discard(lazy)
        if server := self.servers.pop(lazy, None):
            server.kill()
            server.communicate()


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


def _write_source(folder, job):
    try:
        (folder / "beside").mkdir(parents=True)
        for name, text in job.beside:
            (folder / "beside" / name).write_text(text, encoding="utf-8")
        (folder / "source").write_text(job.text, encoding="utf-8")
    except OSError as error:
        raise _no_folder(folder, error) from None


def _no_folder(folder, error):
    advice = "snippets run in a temporary folder: make room, or set TMPDIR"
    return FaultError(folder, 1, f"cannot be written: {error.strerror}; {advice}")


def _no_torch(why):
    return FaultError(sys.executable, 1, f"PyTorch cannot be imported here: {why}")


def _fork_is_safe():
    asked = not os.environ.get("PROOFREAD_NO_FORK")
    return asked and sys.platform == "linux" and hasattr(os, "pidfd_open")


def _how(job, folder):
    """What ``child.execute`` takes."""
    return {"path": job.path, "folder": str(folder), "root": job.root, "memory": job.memory}


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
        return "its server died twice while it ran; is there enough memory?"
    return f"the process ended with code {number} before the snippet came to its end"
