"""A virtual environment for what is measured beside this one."""

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path


def made(folder: Path, install: list[str], key: str = "", beside: bool = False) -> Path:
    """Make an environment of what pip is told, unless it is there; return its interpreter.

    With ``beside`` it also has what this one has. Raises RuntimeError if it cannot be made, and
    leaves nothing; one that was interrupted, or has another key, is begun anew.
    """
    python, stamp = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python"), "complete"
    key = f"{sys.version}\n{key}"
    if (folder / stamp).exists() and (folder / stamp).read_text(encoding="utf-8") == key:
        return python
    shutil.rmtree(folder, ignore_errors=True)
    try:
        _run(sys.executable, "-m", "venv", folder)
        if beside:
            (packages,) = folder.glob("[Ll]ib/**/site-packages")
            line = f"import site; site.addsitedir({sysconfig.get_path('purelib')!r})\n"
            (packages / "beside.pth").write_text(line, encoding="utf-8")
        _run(python, "-m", "pip", "install", "--quiet", "--no-input", *install)
    except RuntimeError:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    (folder / stamp).write_text(key, encoding="utf-8")
    return python


def _run(*command):
    """Run a command. Raises RuntimeError with the last error that it prints."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        said = [line for line in done.stdout.splitlines() if "ERROR" in line] or ["no reason"]
        raise RuntimeError(said[-1])
