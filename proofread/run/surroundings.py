"""The environment variables of a snippet's process: the same for everyone who runs it."""

import os
import sysconfig
import tempfile
from pathlib import Path

STYLE = Path(__file__).with_name("figures.mplstyle")
#: What decides which libraries and devices there are. It is a part of the cache's key.
KEYED = ("LD_LIBRARY_PATH", "CUDA_VISIBLE_DEVICES")
#: What Windows and its programs cannot do without, and tells nothing of who runs them.
WINDOWS = ("SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "PATHEXT")
WINDOWS += ("PROCESSOR_ARCHITECTURE", "NUMBER_OF_PROCESSORS")
FIXED = {
    "PYTHONUTF8": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
    "LC_ALL": "C.UTF-8",
    "TZ": "UTC",
    "MPLBACKEND": "agg",
    # One style for all figures of the site; a copy of a snippet takes the reader's own.
    "MATPLOTLIBRC": str(STYLE),
    **dict.fromkeys(("USER", "LOGNAME", "USERNAME"), "snippet"),
}


def keyed() -> dict[str, str]:
    """Return the variables that a snippet's process takes from the caller's."""
    return {name: os.environ[name] for name in KEYED if name in os.environ}


def surroundings() -> dict[str, str]:
    """Return all that a snippet's process is started with, whatever the caller's environment."""
    system = {name: os.environ[name] for name in WINDOWS if name in os.environ}
    there = f"{system['SYSTEMROOT']}\\System32" if "SYSTEMROOT" in system else os.defpath
    path = os.pathsep.join([sysconfig.get_path("scripts"), "/usr/local/bin", there])
    # What fonts there are takes seconds to find, and the child has a home of its own.
    fonts = str(Path("~/.cache/matplotlib").expanduser())
    temporary = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), tempfile.gettempdir())
    return {**system, **keyed(), **FIXED, **temporary, "PATH": path, "MPLCONFIGDIR": fonts}
