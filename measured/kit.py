"""What all measured pages share: a stamp, files, interrupted runs, environments, and Markdown.

A page's room is ``measured/NAME/``: ``python -m measured.NAME`` measures and writes ``data.json``,
and ``page.py`` offers ``PIECES``, from which ``{{ measured NAME:PIECE WORDS… }}`` is made. A piece
is a function of what it is seen in and of the words; it returns Markdown or a Drawing, and raises
LookupError if there is no such result. Needs only the standard library and PyTorch's version.
"""

import json
import os
import platform
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from proofread.run.cache import torch_build, write

ROOT = Path(__file__).resolve().parents[1]
PARTIAL = ROOT / ".cache/measured"


class Drawing(NamedTuple):
    """A figure: its SVG as matplotlib wrote it, and what it shows, in words."""

    svg: str
    words: str


def stamp(**more: Any) -> dict[str, Any]:
    """Say with what this is measured, and where."""
    where = f"{platform.system()} {platform.machine()}"
    known = {"torch": torch_build()[0], "Python": platform.python_version(), "platform": where}
    return {**known, **more}


def today() -> str:
    """The day on which this is measured, in UTC."""
    return datetime.now(UTC).date().isoformat()


def load(file: Path) -> dict[str, Any]:
    """Read what was measured; {} if nothing was. What is inside is shared: replace it whole."""
    if not file.exists():
        return {}
    known = file.stat()
    return dict(_read(file, known.st_mtime_ns, known.st_size))


@lru_cache(maxsize=32)
def _read(file, changed, size):
    """Read a file once for each of its states: a page asks for it with each of its tables."""
    return json.loads(file.read_text(encoding="utf-8"))


def save(file: Path, data: dict[str, Any], depth: int = 2) -> None:
    """Write what was measured, at once: a line for each item down to ``depth``, for diffs."""
    write(file, _lines(data, depth) + "\n")
    print(f"wrote {file.relative_to(ROOT) if file.is_relative_to(ROOT) else file}", flush=True)


def _lines(value, depth):
    if not (depth and value and isinstance(value, dict | list)):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list):
        return "[\n" + ",\n".join(_lines(item, depth - 1) for item in value) + "\n]"
    items = (f"{json.dumps(key)}: {_lines(item, depth - 1)}" for key, item in value.items())
    return "{\n" + ",\n".join(items) + "\n}"


def changes(before: dict, after: dict, absent: str = "absent") -> Iterator[str]:
    """Yield a line for each result that is another than before; both are {what: result}."""
    for what in sorted(before.keys() | after.keys()):
        was, now = before.get(what, absent), after.get(what, absent)
        if was != now:
            yield f"{what} was {was}, is {now}"


def resume(name: str, environment: dict, wanted: Iterable[str], measure: Callable) -> dict:
    """Return {what: result} of all that is wanted, and measure only what is not known.

    Known is what an interrupted run of this name found in the same environment.
    ``measure(left)`` yields (what, result) in any order.
    """
    path, head = PARTIAL / f"{name}.jsonl", json.dumps(environment, sort_keys=True)
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    found, wanted = {}, list(wanted)
    for line in lines[1:] if lines[:1] == [head] else ():
        with suppress(ValueError):  # The last line, if it was cut.
            what, result = json.loads(line)
            found[what] = result
    found = {what: found[what] for what in wanted if what in found}
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        print(head, *(json.dumps(pair) for pair in found.items()), sep="\n", file=file, flush=True)
        for what, result in measure([what for what in wanted if what not in found]):
            found[what] = result
            print(json.dumps([what, result]), file=file, flush=True)
            progress(len(found), len(wanted), what)
    path.unlink()
    return found


def venv(folder: Path, install: list[str], key: str = "", beside: bool = False) -> Path:
    """Make a virtual environment of what pip is told, unless it is there; return its interpreter.

    With ``beside`` it also has what this one has. Raises RuntimeError if it cannot be made, and
    leaves nothing; one that was interrupted, or has another key, is begun anew.
    """
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    stamp, key = folder / "complete", f"{sys.version}\n{key}"
    if stamp.exists() and stamp.read_text(encoding="utf-8") == key:
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
    stamp.write_text(key, encoding="utf-8")
    return python


def _run(*command):
    """Run a command. Raises RuntimeError with the last error that it prints."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        said = [line for line in done.stdout.splitlines() if "ERROR" in line] or ["no reason"]
        raise RuntimeError(said[-1])


def progress(done: int, total: int, what: str = "") -> None:
    """Say how far a run is: in one line on a terminal, now and then elsewhere."""
    if sys.stderr.isatty():
        end = "\n" if done == total else ""
        print(f"\r{done} of {total}: {what:60.60}", end=end, file=sys.stderr, flush=True)
    elif done % 100 == 0 or done == total:
        print(f"{done} of {total}", file=sys.stderr, flush=True)


def table(head: Iterable[str], rows: Iterable[Iterable], numbers: bool = False) -> str:
    """Write a table in Markdown; with ``numbers``, all columns but the first are of numbers."""
    head = list(head)
    rule = ["---", *["---:" if numbers else "---"] * (len(head) - 1)]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in (head, rule, *rows))


def shortened(text: str, most: int, mark: str = " …") -> str:
    """Cut a text that is longer than ``most`` characters at the end of a word."""
    return text if len(text) <= most else text[:most].rpartition(" ")[0] + mark
