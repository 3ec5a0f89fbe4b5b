"""Execute one snippet in this process and write down what it did. Runs nothing else.

The snippet runs as a real ``__main__`` module: code executed in bare globals breaks
``torch.compile``. Top-level statements run one by one, so that what each of them printed
is known, whoever wrote it: Python, C++ or a subprocess.
"""

import __future__

import ast
import json
import linecache
import math
import os
import random
import sys
import time
import traceback
import types
import warnings
from pathlib import Path

FUTURE = sum(getattr(__future__, name).compiler_flag for name in __future__.all_feature_names)
SEED = 0
WRITE = os.O_WRONLY | os.O_CREAT | os.O_APPEND
MAX_OUTPUT = 1_000_000
MAX_ELEMENTS = 100


def execute(path, folder):
    """Run the snippet at ``path`` and write ``folder/result.json``; ends the process.

    Standard output and error go to ``folder/stdout`` and ``folder/stderr``, where the
    parent finds them even if the snippet crashes. The snippet works in ``folder/work``.
    """
    folder = Path(folder)
    _redirect(folder)
    _settle(path, folder / "work")
    result = _run(path, folder / "stdout")
    draft = folder / "result.draft"
    draft.write_text(json.dumps(result), encoding="utf-8")
    draft.replace(folder / "result.json")
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
    sys.stdout = os.fdopen(1, "w", encoding="utf-8", errors="replace", closefd=False)
    sys.stderr = os.fdopen(2, "w", encoding="utf-8", errors="replace", closefd=False)


def _settle(path, work):
    work.mkdir()
    os.chdir(work)
    sys.argv = [str(path)]
    # As `python path` would have it; the engine's own folders are not importable.
    root = str(Path(__file__).resolve().parents[1])
    sys.path[:] = [str(Path(path).parent), *(p for p in sys.path if p not in ("", root))]
    import numpy
    import torch

    random.seed(SEED)
    numpy.random.seed(SEED)
    torch.manual_seed(SEED)
    torch.set_num_threads(1)


def _run(path, stdout):
    text = Path(path).read_text(encoding="utf-8")
    linecache.cache.pop(str(path), None)
    main = types.ModuleType("__main__")
    main.__file__ = str(path)
    sys.modules["__main__"] = main
    result = {"ends": [], "warnings": [], "error": None}
    warnings.resetwarnings()
    warnings.simplefilter("default")
    warnings.showwarning = lambda message, category, *_, **__: result["warnings"].append(
        (len(result["ends"]), category.__name__, str(message))
    )
    flags, started = 0, time.perf_counter()
    for node in ast.parse(text).body:
        try:
            module = ast.Module(body=[node], type_ignores=[])
            code = compile(module, str(path), "exec", flags, dont_inherit=True)
            flags |= code.co_flags & FUTURE
            exec(code, main.__dict__)
        except BaseException as error:
            result["error"] = _describe(error, len(result["ends"]), path)
        sys.stdout.flush()
        sys.stderr.flush()
        result["ends"].append(stdout.stat().st_size)
        if result["error"]:
            break
    result["seconds"] = round(time.perf_counter() - started, 4)
    result["values"] = _values(main.__dict__)
    return result


def _describe(error, statement, path):
    kind = type(error)
    prefix = "" if kind.__module__ in ("builtins", "__main__") else kind.__module__ + "."
    frames = traceback.extract_tb(error.__traceback__)
    line = next((f.lineno for f in reversed(frames) if f.filename == str(path)), None)
    return {
        "statement": statement,
        "kind": prefix + kind.__qualname__,
        "message": str(error),
        "line": line or getattr(error, "lineno", None) or 1,
    }


def _values(namespace):
    """Keep the globals that a page can show: numbers, text, and small tensors and lists."""
    plain = {name: _plain(value) for name, value in namespace.items() if name[0] != "_"}
    return {name: value for name, value in plain.items() if value is not None}


def _plain(value):
    import torch

    if isinstance(value, torch.Tensor):
        small = value.numel() <= MAX_ELEMENTS and value.layout == torch.strided
        return _plain(value.detach().tolist()) if small else None
    if hasattr(value, "tolist") and getattr(value, "size", MAX_ELEMENTS + 1) <= MAX_ELEMENTS:
        return _plain(value.tolist())
    if isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        return int(value) if abs(value) < 2**63 else None
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else str(float(value))
    if isinstance(value, (list, tuple)) and len(value) <= MAX_ELEMENTS:
        items = [_plain(item) for item in value]
        return None if any(item is None for item in items) else items
    return None


if __name__ == "__main__":
    execute(sys.argv[1], sys.argv[2])
