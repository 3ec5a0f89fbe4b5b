"""Keep a snippet, and each program that it starts, to what it may read and write; on Linux.

Landlock needs no rights of its own, and binds C++ and subprocesses as it does Python. Python's
audit hooks (``limits.py``) say the same in a clear message, on every system. Neither sees whether
a file exists: ``limits.py`` answers that, for Python alone.
"""

import ctypes
import os
import stat
import struct
import sys
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from pathlib import Path

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
VERSION, PATH_BENEATH, NO_NEW_PRIVILEGES = 1, 1, 38
EXECUTE, WRITE, READ, LIST = (1 << bit for bit in range(4))
#: All that Landlock tells apart since Linux 5.19; truncating came with its third version.
SINCE, ALL, TRUNCATE = 2, (1 << 14) - 1, 1 << 14
LOOK, TRUNCATES = EXECUTE | READ | LIST, 3
#: Of a file, what there is to do besides moving and removing it.
OF_FILES = EXECUTE | WRITE | READ | TRUNCATE


def fence(hidden: Collection[str], readable: Iterable[str], writable: Iterable[str]) -> None:
    """Refuse reading below ``hidden``, and writing, from now on and for good.

    Excepted is what lies below ``readable`` and ``writable``. Paths are real ones. Does nothing
    where the kernel knows no Landlock.
    """
    if sys.platform != "linux":
        return
    libc = ctypes.CDLL(None)
    version = libc.syscall(CREATE_RULESET, None, 0, VERSION)
    if version < SINCE:
        return
    every = ALL | (TRUNCATE if version >= TRUNCATES else 0)
    asked = struct.pack("Q", every)
    rules = libc.syscall(CREATE_RULESET, asked, len(asked), 0)
    allowed = [(path, every) for path in writable]
    allowed += [(path, LOOK) for path in (*readable, *_around("/", hidden))]
    for path, rights in allowed:
        with suppress(OSError):  # Gone, or not ours to open.
            at = os.open(path, os.O_PATH | os.O_CLOEXEC)
            if not stat.S_ISDIR(os.fstat(at).st_mode):
                rights &= OF_FILES
            rule = struct.pack("=Qi", rights & every, at)
            libc.syscall(ADD_RULE, rules, PATH_BENEATH, rule, 0)
            os.close(at)
    libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    libc.syscall(RESTRICT_SELF, rules, 0)
    os.close(rules)


def _around(folder: str, hidden: Collection[str]) -> Iterator[str]:
    """Yield what lies below a folder, in as few paths as leave out what is hidden."""
    above = {str(parent) for path in hidden for parent in Path(path).parents}
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.path in above:
                yield from _around(entry.path, hidden)
            # A link opens nothing: where it leads is reached by its own path, or hidden.
            elif entry.path not in hidden and not entry.is_symlink():
                yield entry.path
