"""A version of PyTorch -> the interpreter of a virtual environment that has it."""

import os
import shutil
import sys
from contextlib import contextmanager

from measured import venv
from measured.kit import ROOT
from proofread.run.cache import torch_build

FOLDER = ROOT / ".cache/versions"
#: Up to this release PyTorch was built against NumPy 1.
NUMPY_1 = (2, 2)


@contextmanager
def interpreter(version: str, keep: bool = False):
    """Give the path of an interpreter with this PyTorch; delete what was made for it, or keep it.

    Raises RuntimeError if it cannot be installed.
    """
    if torch_build()[0].partition("+")[0] == version:
        yield sys.executable
        return
    index = os.environ.get("TORCH_INDEX")
    where = ["--extra-index-url", index] if index else []
    try:
        # No cache: several gigabytes each, and needed once.
        install = ["--no-cache-dir", *where, *requirements(version)]
        yield str(venv.made(FOLDER / version, install))
    finally:
        if not keep:
            shutil.rmtree(FOLDER / version, ignore_errors=True)


def requirements(version: str) -> list[str]:
    """What is installed for a version: nothing of this site."""
    old = tuple(map(int, version.split(".")[:2])) <= NUMPY_1
    return [f"torch=={version}", "numpy<2" if old else "numpy"]
