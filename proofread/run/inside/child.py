"""Execute one snippet in this process and write down what it did. Runs nothing else.

The snippet runs as a real ``__main__`` module: code executed in bare globals breaks
``torch.compile``. Top-level statements run one by one, so that what each of them printed
is known, whoever wrote it: Python, C++ or a subprocess.
"""

import __future__

import ast
import contextlib
import ctypes
import gc
import importlib
import importlib.util
import io
import json
import linecache
import math
import os
import random
import signal
import sys
import tempfile
import threading
import time
import traceback
import types
import warnings
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

from proofread.run.inside.chance import Chance, another_place, another_time
from proofread.run.inside.limits import ELEMENTS, bound, guard, hidden, refusal
from proofread.run.inside.processes import end_with
from proofread.run.inside.walk import walk

FUTURE = sum(getattr(__future__, name).compiler_flag for name in __future__.all_feature_names)
SEED = 0
#: Environment variable -> what a snippet starts with unless it says otherwise; ``--repeat`` does.
CHANCE, THREADS = "PROOFREAD_SEED", "OMP_NUM_THREADS"
WRITE = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND


@dataclass(frozen=True)
class Warned:
    """A Python warning, and the index of the statement that it came from."""

    statement: int
    kind: str
    message: str


@dataclass(frozen=True)
class Raised(Warned):
    """The exception that ended a snippet, and the line of the snippet that it came from."""

    line: int


def execute(path: str, folder: str, root: str, memory: int | None) -> None:
    """Run ``folder/source`` as the snippet at ``path`` of the project ``root``; ends the process.

    Writes ``folder/result.json``. Standard output and error go to ``folder/stdout`` and
    ``folder/stderr``, and the line of the statement at work to ``folder/line``, where the parent
    finds them even if the snippet crashes. The snippet works in ``folder/work``, with so many
    bytes of memory, or as many as there are if None. It believes that its repository is
    ``folder/repository``, where nothing is but itself.
    """
    top, process = Path(folder), os.getpid()
    text, stage = (top / "source").read_text(encoding="utf-8"), top / "repository"
    own = stage / os.path.relpath(path, root)
    own.parent.mkdir(parents=True, exist_ok=True)
    own.write_text(text, encoding="utf-8")
    _redirect(top)
    _settle(str(own), root, top)
    bound(memory)
    beside = _folder(own.parent)
    guard(root, str(stage), top, own)
    result = _run(str(own), text, top, beside)
    if os.getpid() != process:
        os._exit(0)  # The snippet forked, and this is the copy: only the original reports.
    draft = top / "result.draft"
    draft.write_text(json.dumps(result, default=asdict), encoding="utf-8")
    draft.replace(top / "result.json")
    # Skip interpreter shutdown: threads and atexit handlers cannot change the result any more.
    os._exit(0)


def _redirect(folder):
    sources = [(0, os.devnull, os.O_RDONLY)]
    sources += [(1, folder / "stdout", WRITE), (2, folder / "stderr", WRITE)]
    for number, path, flags in sources:
        opened = os.open(path, flags)
        os.dup2(opened, number)
        os.close(opened)
    sys.stdin = os.fdopen(0, "r", encoding="utf-8", closefd=False)
    sys.stdout, sys.stderr = _unbuffered(1), _unbuffered(2)


def _unbuffered(number):
    """A text stream that keeps its place among what C code and subprocesses write."""
    raw = io.FileIO(number, "w", closefd=False)
    return io.TextIOWrapper(raw, encoding="utf-8", errors="replace", write_through=True)


def _settle(path, root, top):
    work = top / "work"
    work.mkdir(exist_ok=True)
    os.chdir(work)
    os.umask(0o022)
    # Its own, too: what one snippet leaves there, no other finds.
    own = {"home": ("HOME", "USERPROFILE"), "tmp": ("TMPDIR", "TEMP", "TMP")}
    for folder, names in own.items():
        (top / folder).mkdir(exist_ok=True)
        os.environ.update(dict.fromkeys(names, str(top / folder)))
    tempfile.tempdir = None
    sys.argv = [path]
    # It stands alone: nothing comes from beside it, from the repository, or from the engine.
    engine, root = str(Path(__file__).resolve().parents[3]), os.path.realpath(root)
    sys.path[:] = [entry for entry in sys.path if entry != engine and not hidden(root, entry)]
    if any((top / "beside").iterdir()):  # But for what its header says that it uses.
        sys.path.insert(0, str(top / "beside"))
    sys.path_importer_cache.pop(engine, None)
    for name in [name for name in sys.modules if name.split(".")[0] == "proofread"]:
        del sys.modules[name]
    seed()
    # Not what is inherited: Python seeds its own generator anew in a process that was forked.
    number = int(os.environ.pop(CHANCE, SEED))
    random.seed(number)
    if number != SEED:
        another_place()
        another_time()
    # As by hand; what started this ignores them.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_DFL)


def load(modules: tuple[str, ...]) -> str:
    """Import torch, and of these modules what it has; return why that cannot be, or ""."""
    gc.disable()  # Nothing of what is imported is garbage: a quarter of the time.
    try:
        # Once for all that a server forks: each would take as long for it as for all the rest.
        seed()
        for module in filter(importlib.util.find_spec, modules):
            importlib.import_module(module)
    except Exception as error:
        return " ".join(f"{type(error).__name__}: {error}".split())
    finally:
        gc.enable()
    return ""


@cache
def seed() -> None:
    """Seed what a forked process inherits, once, and set its threads."""
    import numpy
    import torch

    number = int(os.environ.get(CHANCE, SEED))
    numpy.random.seed(number)
    torch.manual_seed(number)
    torch.set_num_threads(int(os.environ.get(THREADS, 1)))


def _run(path, text, folder, beside):
    # Without a time stamp linecache never looks at the file, which may have changed since.
    linecache.cache[path] = (len(text), None, text.splitlines(keepends=True), path)
    main = types.ModuleType("__main__")
    main.__file__ = path
    sys.modules["__main__"] = main
    ends, warned, error, noisy = [], [], None, None
    warnings.resetwarnings()
    warnings.simplefilter("default")
    warnings.showwarning = lambda message, category, *_, **__: warned.append(  # ty: ignore
        Warned(len(ends), category.__name__, _said(message))
    )
    flags, started, process = 0, time.perf_counter(), os.getpid()
    chance = Chance()
    there = _names(beside)
    at, tree = os.open(folder / "line", WRITE), ast.parse(text)
    for node in tree.body:
        if os.getpid() == process:
            os.write(at, b"%d\n" % node.lineno)
        try:
            module = ast.Module(body=[node], type_ignores=[])
            code = compile(module, path, "exec", flags, dont_inherit=True)
            flags |= code.co_flags & FUTURE
            exec(code, main.__dict__)
        except BaseException as raised:
            error = _describe(raised, len(ends), path)
        ends.append(_printed())
        chance.after(node)
        if noisy is None and os.fstat(2).st_size:
            noisy = len(ends) - 1
        if error:
            break
    if ends:
        _join_threads()
        ends[-1] = _printed()
        if not error and (new := _names(beside) - there):
            error = Raised(len(ends) - 1, "PermissionError", refusal(min(new)), node.lineno)
    seconds, values = round(time.perf_counter() - started, 4), _values(main.__dict__)
    warnings.simplefilter("ignore")
    return {
        "ends": ends,
        "warnings": warned,
        "error": error,
        "noisy": noisy,
        "seconds": seconds,
        "chance": chance.line,
        "values": values,
        "figures": _figures(main.__dict__),
        # As text: few graphs are drawn, and objects would take five times the memory.
        "graph": json.dumps(_graph(main.__dict__, tree), default=asdict),
    }


def _folder(folder):
    """Open a folder that may be listed in this way alone, where systems can."""
    return os.open(folder, os.O_RDONLY) if os.listdir in os.supports_fd else folder


def _names(folder):
    """List what lies beside a snippet, to notice what C++ and other programs write there."""
    with contextlib.suppress(OSError):
        return set(os.listdir(folder))  # noqa: PTH208 - an open folder is no path
    return set()


def _printed():
    """Return how many bytes were printed until now, with those that C code still holds."""
    if os.name == "posix":
        ctypes.CDLL(None).fflush(None)
    return os.fstat(1).st_size


def _join_threads():
    """Wait for threads, as an interpreter does at its end."""
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and not thread.daemon:
            thread.join()


def _describe(error, statement, path):
    kind = type(error)
    prefix = "" if kind.__module__ in ("builtins", "__main__") else kind.__module__ + "."
    frames = traceback.extract_tb(error.__traceback__)
    line = next((f.lineno for f in reversed(frames) if f.filename == path), None)
    line = line or getattr(error, "lineno", None) or 1
    return Raised(statement, prefix + kind.__qualname__, _said(error), line)


def _said(error):
    """The text of an exception or a warning; it may be one that has none."""
    try:
        return str(error)
    except Exception as raised:
        return f"<its text raises {type(raised).__name__}>"


def _values(namespace):
    """Keep the globals that a page can show: numbers, text, and small tensors and lists."""
    values = {}
    for name, value in namespace.items():
        # What cannot be shown, such as a list that contains itself, is no value.
        with contextlib.suppress(Exception):
            if name[0] != "_":
                values[name] = _plain(value)
    return values


def _figures(namespace):
    """Draw the globals that are matplotlib figures; return {name: SVG}."""
    if "matplotlib.figure" not in sys.modules:
        return {}
    from matplotlib.figure import Figure

    drawn, said = {}, dict.fromkeys(("Creator", "Date", "Format", "Type"))
    for name, value in namespace.items():
        if isinstance(value, Figure) and name[0] != "_":
            text = io.StringIO()
            value.savefig(text, format="svg", metadata=said)
            drawn[name] = text.getvalue()
    return drawn


def _graph(namespace, tree):
    """Walk the autograd graph of the globals; empty for what has none that can be walked."""
    # Hooks that hand out what was saved may do anything, print included.
    with contextlib.suppress(Exception), contextlib.redirect_stdout(io.StringIO()):
        return walk(namespace, tree)
    return []


def _plain(value):
    """Turn a value into one that JSON keeps. Raises TypeError, or what the value raises."""
    # Not at the top: the parent imports this module for its constants alone.
    import numpy
    import torch

    if isinstance(value, torch.Tensor) and value.numel() <= ELEMENTS.value:
        return _plain(value.detach().tolist())
    if isinstance(value, (numpy.ndarray, numpy.generic)) and value.size <= ELEMENTS.value:
        return _plain(value.tolist())
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int) and abs(value) < 2**63:
        return int(value)
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else str(float(value))
    if isinstance(value, (list, tuple)) and len(value) <= ELEMENTS.value:
        return [_plain(item) for item in value]
    raise TypeError(type(value))


def main(*modules: str) -> None:
    """Import these modules, say so, and execute what one line of standard input says, as JSON."""
    parent, pipe = os.getppid(), os.dup(0)
    said = load(modules) or "ready"
    with contextlib.suppress(OSError):  # Nobody listens any more.
        os.write(1, f"{said}\n".encode())
    if how := sys.stdin.readline():
        end_with(parent, pipe)
        execute(**json.loads(how))
