"""Starts interpreters, and ends them with all that they left behind."""

import _thread
import ctypes
import os
import shutil
import signal
import sys
from collections.abc import Collection, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

ROOT = str(Path(__file__).resolve().parents[3])
PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36
#: How many generations of strays are ended.
PATIENCE = 100


def command(module: str) -> list[str]:
    """Start a module of this package, from wherever it is; the child takes ``ROOT`` back."""
    code = f"import sys; sys.path.insert(0, {ROOT!r}); from proofread.run.inside import {module}; "
    return [sys.executable, "-P", "-c", f"{code}{module}.main(*sys.argv[1:])"]


def adopt() -> None:
    """Let what snippets leave behind, in whatever session, become ours to end; on Linux."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)


def outlast_interrupts() -> None:
    """Ignore what reaches the whole group: the client decides, by closing our input."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):  # Windows knows no hang-up.
            signal.signal(getattr(signal, name), signal.SIG_IGN)


def end_with(parent: int, pipe: int) -> None:
    """End this process when its parent ends, which holds the other end of the pipe."""
    if sys.platform != "linux":
        _thread.start_new_thread(_watch, (pipe,))
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _watch(pipe):
    while os.read(pipe, 1):
        pass
    end_group(os.getpid())
    os._exit(1)


def end_group(pid: int) -> None:
    """Kill a process and its group, where there are groups."""
    # It may not have made its group yet.
    for kill in (getattr(os, name) for name in ("killpg", "kill") if hasattr(os, name)):
        with suppress(OSError):
            kill(pid, getattr(signal, "SIGKILL", signal.SIGTERM))


def end_strays(at_work: Collection[int]) -> None:
    """End processes that lost their parent, unless they belong to one at work; on Linux."""
    for _ in range(PATIENCE):
        strays = [pid for pid in _children() - {*at_work} if os.getsid(pid) not in at_work]
        for pid in strays:
            with suppress(OSError):  # Somebody else waited for it.
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
        if not strays:  # Whose own children are ours by now.
            return


def _children():
    try:
        listed = Path("/proc/self/task").glob("*/children")
        return {int(pid) for path in listed for pid in path.read_text().split()}
    except OSError:  # A kernel without this file.
        return set()


def ending(code: int) -> str:
    """Say how a process ended."""
    return f"exit {code}" if code >= 0 else f"signal {-code}"


def remove_folders(jobs: Iterable[dict[str, Any]]) -> None:
    """Remove the folders of a run that nobody waits for any more."""
    for folder in {Path(job["how"]["folder"]).parent for job in jobs}:
        shutil.rmtree(folder, ignore_errors=True)
