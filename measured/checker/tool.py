"""The tool as a reader copies it: one file that imports nothing of this repository."""

import importlib.util
import sys

from measured import kit

FILE = kit.ROOT / "snippets/guides/checker/lostgrad.py"


def _load():
    spec = importlib.util.spec_from_file_location("lostgrad", FILE)
    module = sys.modules["lostgrad"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


lostgrad = _load()
check, against, intended = lostgrad.check, lostgrad.against, lostgrad.intended
