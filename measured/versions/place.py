"""A version of PyTorch -> the interpreter of a virtual environment that has it."""

import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

from proofread.run.cache import torch_build

FOLDER = Path(".cache/versions")
#: Up to this release PyTorch was built against NumPy 1.
NUMPY_1 = (2, 2)
STAMP = "complete"


@contextmanager
def interpreter(version, keep=False):
    """Give the path of an interpreter with this PyTorch; delete what was made for it, or keep it.

    Raises RuntimeError if it cannot be installed. An installation that was interrupted is begun
    anew, and one that was kept is used.
    """
    if torch_build()[0].partition("+")[0] == version:
        yield sys.executable
        return
    folder = (FOLDER / version).absolute()
    if not (folder / STAMP).exists():
        _install(folder, version)
    try:
        yield str(_python(folder))
    finally:
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)


def requirements(version):
    """What is installed for a version: nothing of this site."""
    old = tuple(map(int, version.split(".")[:2])) <= NUMPY_1
    return [f"torch=={version}", "numpy<2" if old else "numpy"]


def _install(folder, version):
    shutil.rmtree(folder, ignore_errors=True)
    # No cache: several gigabytes each, and needed once.
    pip = [str(_python(folder)), "-m", "pip", "install", "--quiet", "--no-cache-dir"]
    index = os.environ.get("TORCH_INDEX")
    where = ["--extra-index-url", index] if index else []
    for command in (
        [sys.executable, "-m", "venv", str(folder)],
        [*pip, *where, *requirements(version)],
    ):
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode:
            shutil.rmtree(folder, ignore_errors=True)
            said = [line for line in done.stdout.splitlines() if "ERROR" in line] or ["no reason"]
            raise RuntimeError(said[-1])
    (folder / STAMP).touch()


def _python(folder):
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
