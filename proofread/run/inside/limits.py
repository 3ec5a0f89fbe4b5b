"""What a snippet may use up, read and write. The child sets this before it runs one.

The limits are per process. What they cannot see, a program that a snippet starts, still ends
with the snippet, at its time limit at the latest.
"""

import functools
import mmap
import os
import re
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from proofread.run.inside.fence import fence


@dataclass(frozen=True)
class Limit:
    """How much of one thing a snippet may have, in numbers and in words."""

    number: int
    #: Its line of the table, and what an author is told who went beyond it; both quote it.
    row: str
    words: str = ""
    #: How many make one of what the number counts.
    unit: int = 1
    #: The systems on which it holds, and the RLIMIT that bounds it there, if one does.
    where: str = "everywhere"
    resource: str = ""
    #: What an exception says that may come of it.
    signs: tuple[str, ...] = ()

    @property
    def value(self) -> int:
        """The number of seconds, bytes, processes or elements."""
        return self.number * self.unit

    def __str__(self) -> str:
        return self.words.format(value=self.value, number=self.number)


TIMEOUT = Limit(30, "{number} seconds, or what `# timeout:` says")
OUTPUT = Limit(
    1, "{number} MB of output, as plain text in UTF-8", "print less than {value:,}", 10**6
)
STARTED = "a snippet starts at most {number} processes"
PROCESSES = Limit(32, "{number} processes that it starts from Python", STARTED)
ELEMENTS = Limit(100, "{number} elements of a tensor or a list that a page quotes")
NODES = Limit(120, "{number} nodes of an autograd graph that a page draws")
#: Unless the job says otherwise.
MEMORY = Limit(
    4,
    "{number} GiB of memory for each process",
    "a snippet has {number} GiB of memory",
    unit=2**30,
    where="Linux",
    resource="DATA",
    signs=("MemoryError", "allocate memory"),
)
#: All, in the order of the table on the site. What the system can bound needs no more than this.
LIMITS = (
    *(TIMEOUT, OUTPUT, PROCESSES),
    Limit(0, "nothing of the repository but itself is read"),
    Limit(0, "nothing is written but into its own folders"),
    *(ELEMENTS, NODES, MEMORY),
    Limit(
        64,
        "{number} MiB for each file that it writes",
        "a file that a snippet writes has at most {number} MiB",
        unit=2**20,
        where="Linux and macOS",
        resource="FSIZE",
        signs=("File too large",),
    ),
)

STARTS = {"os.fork", "os.forkpty", "os.posix_spawn", "os.system", "subprocess.Popen"}
STARTS |= {"os.exec", "os.spawn"}
#: Audit event -> how many of its arguments are paths that it changes.
CHANGES = dict.fromkeys(("open", "os.mkdir", "os.remove", "os.rmdir", "os.truncate"), 1)
CHANGES |= dict.fromkeys(("os.chmod", "os.chown", "os.utime"), 1)
CHANGES |= dict.fromkeys(("os.link", "os.rename", "os.symlink"), 2)
#: Audit events whose first argument is a path that it reads, or reads from.
READS = {"open", "os.chdir", "os.listdir", "os.scandir", "ctypes.dlopen", "sqlite3.connect"}
#: Whether a thread asks where a path leads.
ASKING = threading.local()
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def rows() -> Iterator[tuple[str, str]]:
    """Yield each limit and where it holds, as a table has them."""
    yield from ((limit.row.format(number=limit.number), limit.where) for limit in LIMITS)


def why(message: str) -> str:
    """Name the limit that an exception may come of, or ""."""
    found = (str(limit) for limit in LIMITS if any(sign in message for sign in limit.signs))
    return next(found, "")


def bound(memory: int | None) -> None:
    """Set what the system can bound, where it can; memory to so many bytes, None for no bound."""
    try:
        import resource
    except ImportError:  # Windows
        return
    bounds = {limit.resource: limit.value for limit in LIMITS if limit.resource}
    for name, most in {**bounds, MEMORY.resource: memory, "CORE": 0}.items():
        number = getattr(resource, f"RLIMIT_{name}")
        _, hard = resource.getrlimit(number)
        if most is not None and (hard == resource.RLIM_INFINITY or hard > most):
            resource.setrlimit(number, (most, most))


def guard(
    root: str, stage: str, folder: str | os.PathLike[str], snippet: str | os.PathLike[str]
) -> None:
    """Refuse reading below ``root`` and ``stage``, writing, and more than a few processes.

    Left alone is what else lies below ``folder``; read may be the snippet, the style of figures,
    and the interpreter with its packages. Python's own audit hooks tell of all before it happens.
    """
    started = mmap.mmap(-1, 1)  # A count, shared with the processes that are forked from this one.
    root, stage, free = (os.path.realpath(path) for path in (root, stage, os.fspath(folder)))
    readable = {os.path.realpath(path) for path in (snippet, os.environ.get("MATPLOTLIBRC", ""))}
    # What matplotlib knows of fonts, which takes seconds to find.
    fonts = os.path.realpath(os.environ.get("MPLCONFIGDIR", free))
    writable = (free, fonts, "/dev")
    named = re.compile(rf"(?:{re.escape(root)}|{re.escape(stage)})[^\s'\":;,]*")
    # What else the run's folder holds are other snippets.
    others = str(Path(free).parent)

    def watch(event, arguments):
        if event in STARTS:
            if started[0] == PROCESSES.value:
                raise RuntimeError(str(PROCESSES))
            started[0] += 1
            for path in (path for text in _texts(arguments) for path in named.findall(text)):
                refuse(path)
        if event in CHANGES and (event != "open" or (arguments[2] or 0) & WRITING):
            for path in arguments[: CHANGES[event]]:
                refuse_change(path)
        elif event in READS:
            refuse(arguments[0])

    def refuse(path, places=(stage, root, others)):
        for place in places:
            real = hidden(place, path)
            if real and real not in readable and (place == stage or not _is_in(real, free)):
                raise PermissionError(refusal(os.path.relpath(real, place), writes=False))

    def refuse_change(path):
        if not isinstance(path, (str, bytes, os.PathLike)) or os.fsdecode(path) == os.devnull:
            return  # An open file has a number, and was looked at before.
        for place in (stage, root):
            if (real := below(place, path)) and (place == stage or not _is_in(real, free)):
                raise PermissionError(refusal(os.path.relpath(real, place)))
        if not any(below(place, path) for place in writable):
            raise PermissionError(refusal(_real(path)))

    packages = [os.path.realpath(entry) for entry in sys.path if not hidden(root, entry)]
    open_to_all = [one for place in (root, others, stage) for one in _interpreter(place)[1]]
    fence((root, others), (*readable, *open_to_all, *packages), writable)
    _watch_questions(lambda path: refuse(path, (root, others)))
    sys.addaudithook(watch)


def _watch_questions(refuse):
    """Refuse to tell of a file what may not be read; no audit event does."""

    def asks(function):
        @functools.wraps(function)
        def ask(path, *given, **named):
            if not getattr(ASKING, "now", False):
                refuse(path)
            return function(path, *given, **named)

        return ask

    for name in ("stat", "lstat", "access", "readlink"):
        # Where it is from, too: "posix", or "nt".
        for module in {os, sys.modules[os.name]}:
            setattr(module, name, asks(getattr(module, name)))


def refusal(path: str, writes: bool = True) -> str:
    """What a snippet is told that writes, or reads, somewhere else."""
    if writes:
        return f"a snippet writes into its working folder, not to {path!r}"
    return f"a snippet reads nothing of the repository but itself: {path!r}"


def below(root: str, path: object) -> str:
    """Return where a path leads, if that is below ``root``, or ""."""
    if not isinstance(path, (str, bytes, os.PathLike)):
        return ""  # An open file has a number, and was looked at before.
    real = _real(path)
    return real if _is_in(real, root) else ""


def _real(path):
    # To find out where a path leads, the system is asked what ``_watch_questions`` watches.
    before, ASKING.now = getattr(ASKING, "now", False), True
    try:
        return os.path.realpath(os.fsdecode(path))
    finally:
        ASKING.now = before


def hidden(root: str, path: object) -> str:
    """Return where a path leads, if that is below ``root`` and not of the interpreter."""
    spelled, real = _interpreter(root)
    if isinstance(path, str) and path.startswith(spelled) and ".." not in path:
        return ""  # Soon told, since most that is read are modules.
    found = below(root, path)
    return "" if any(_is_in(found, one) for one in real) else found


@cache
def _interpreter(root):
    """List where the interpreter and its packages are, as spelled and with links followed."""
    prefixes = {sys.prefix, sys.base_prefix}
    beside = [one for one in prefixes if not _is_in(root, os.path.realpath(one))]
    return tuple(one + os.sep for one in beside), tuple(map(os.path.realpath, beside))


def _texts(arguments):
    """Yield what a program is told when it is started."""
    for argument in arguments:
        if isinstance(argument, (list, tuple)):
            yield from _texts(argument)
        elif isinstance(argument, dict):
            yield from _texts(argument.values())
        elif isinstance(argument, (str, bytes, os.PathLike)):
            yield os.fsdecode(argument)


def _is_in(path, folder):
    path, folder = os.path.normcase(path), os.path.normcase(folder)
    return path == folder or path.startswith(folder + os.sep)
