"""What a snippet may use up, and where it may write. The child sets this before it runs one.

The limits are per process. What they cannot see, a program that a snippet starts, still ends
with the snippet, at its time limit at the latest.
"""

import mmap
import os
import struct
import sys

#: Bytes of memory of its own, where the platform can tell; a snippet that needs a GPU has more.
MEMORY = 4 * 2**30
#: Bytes of each file that it writes.
FILE = 64 * 2**20
#: Processes that it starts from Python, and that those fork in turn.
PROCESSES = 32

STARTS = {"os.fork", "os.forkpty", "os.posix_spawn", "os.system", "subprocess.Popen"}
#: Audit event -> how many of its arguments are paths that it changes.
CHANGES = {
    "open": 1,
    "os.link": 2,
    "os.mkdir": 1,
    "os.remove": 1,
    "os.rename": 2,
    "os.rmdir": 1,
    "os.symlink": 2,
    "os.truncate": 1,
}
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def limit(memory):
    """Bound memory, to so many bytes unless "", and files, where the platform has such limits."""
    try:
        import resource
    except ImportError:  # Windows
        return
    bounds = {"DATA": int(memory)} if memory else {}
    for kind, bound in {**bounds, "FSIZE": FILE, "CORE": 0}.items():
        number = getattr(resource, f"RLIMIT_{kind}")
        _, hard = resource.getrlimit(number)
        if hard == resource.RLIM_INFINITY or hard > bound:
            resource.setrlimit(number, (bound, bound))


def guard(root, folder):
    """Refuse writing below ``root``, but for ``folder``, and more than a few processes.

    Python's own audit hooks tell of both before they happen.
    """
    root, folder = os.path.realpath(root), os.path.realpath(folder)
    started = mmap.mmap(-1, 4)  # Shared with the processes that are forked from this one.

    def watch(event, arguments):
        if event in STARTS:
            (count,) = struct.unpack("i", started[:])
            started[:] = struct.pack("i", count + 1)
            if count >= PROCESSES:
                raise RuntimeError(f"a snippet starts at most {PROCESSES} processes")
        elif event in CHANGES:
            if event == "open" and not (arguments[2] or 0) & WRITING:
                return
            for path in arguments[: CHANGES[event]]:
                if _protects(root, folder, path):
                    shown = os.path.relpath(os.fsdecode(path), root)
                    raise PermissionError(refusal(shown))

    sys.addaudithook(watch)


def refusal(path):
    """What a snippet is told that writes somewhere else."""
    return f"a snippet writes into its working folder, not to {path!r}"


def _protects(root, folder, path):
    if not isinstance(path, (str, bytes, os.PathLike)):
        return False  # An open file has a number, and was looked at before.
    real = os.path.realpath(os.fsdecode(path))
    return _is_in(real, root) and not _is_in(real, folder)


def _is_in(path, folder):
    return path == folder or path.startswith(folder + os.sep)
