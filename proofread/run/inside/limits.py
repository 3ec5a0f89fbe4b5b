"""What a snippet may use up, and where it may write. The child sets this before it runs one.

The limits are per process. What they cannot see, a program that a snippet starts, still ends
with the snippet, at its time limit at the latest.
"""

import mmap
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath


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
    Limit(0, "no writing into the repository: Python's own writes are refused"),
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
#: Audit event -> how many of its arguments are paths that it changes.
CHANGES = dict.fromkeys(("open", "os.mkdir", "os.remove", "os.rmdir", "os.truncate"), 1)
CHANGES |= dict.fromkeys(("os.link", "os.rename", "os.symlink"), 2)
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


def guard(root: str, folder: str | os.PathLike[str]) -> None:
    """Refuse writing below ``root``, but for ``folder``, and more than a few processes.

    Python's own audit hooks tell of both before they happen.
    """
    root, folder = os.path.realpath(root), os.path.realpath(folder)
    started = mmap.mmap(-1, 1)  # A count, shared with the processes that are forked from this one.

    def watch(event, arguments):
        if event in STARTS:
            if started[0] == PROCESSES.value:
                raise RuntimeError(str(PROCESSES))
            started[0] += 1
        elif event != "open" or (arguments[2] or 0) & WRITING:
            given = arguments[: CHANGES.get(event, 0)]
            # An open file has a number, and was looked at before.
            for path in (os.fsdecode(p) for p in given if isinstance(p, (str, bytes, os.PathLike))):
                real = PurePath(os.path.realpath(path))
                if real.is_relative_to(root) and not real.is_relative_to(folder):
                    raise PermissionError(refusal(os.path.relpath(path, root)))

    sys.addaudithook(watch)


def refusal(path: str) -> str:
    """What a snippet is told that writes somewhere else."""
    return f"a snippet writes into its working folder, not to {path!r}"
