"""Outcomes on disk, each keyed on everything that can change it.

Plain JSON, never executed. An entry that is truncated, altered, or written by another
version of the engine is ignored and written anew.
"""

import hashlib
import importlib.util
import json
import os
import platform
import re
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from proofread.read.snippet import Snippet
from proofread.run.inside.child import SEED
from proofread.run.job import Outcome
from proofread.run.surroundings import keyed

#: What decides how a snippet runs: all of it, so that nothing can be forgotten.
ENGINE = Path(__file__).parent
#: Entries kept for each snippet: enough to switch branches without running again.
KEPT = 5


class Cache:
    """Outcomes of snippets, in ``folder/<snippet name>/<key>.json``."""

    def __init__(self, folder: Path, kept: int = KEPT):
        self.folder, self.kept = Path(folder), kept

    def load(self, snippet: Snippet) -> Outcome | None:
        """Return the Outcome recorded for exactly this snippet and environment, or None."""
        entry = _read(self.path(snippet))
        return entry["outcome"] if entry and entry["parts"] == parts(snippet) else None

    def store(self, snippet: Snippet, outcome: Outcome) -> None:
        """Record an outcome; a cache that cannot be written is no error."""
        path = self.path(snippet)
        body = {"parts": parts(snippet), "outcome": outcome.to_json()}
        with suppress(OSError):
            write(path, json.dumps({**body, "digest": digest(body)}))
            # Not the new one, even if the clock went backwards.
            others = [entry for entry in self._entries(snippet) if entry != path]
            for old in others[self.kept - 1 :]:
                old.unlink(missing_ok=True)

    def why(self, snippet: Snippet) -> list[str]:
        """Say which parts of the key differ from the newest entry; [] if none does."""
        if self.load(snippet):
            return []
        newest = next(filter(None, map(_read, self._entries(snippet))), None)
        if newest is None:
            return ["it has not run here yet"]
        then, now = newest["parts"], parts(snippet)
        changed = [name for name in now if then.get(name) != now[name]]
        return [_change(name, then.get(name), now[name]) for name in changed]

    def path(self, snippet: Snippet) -> Path:
        """Return the file of exactly this snippet and environment."""
        return self.folder / snippet.name / f"{digest(parts(snippet))[:24]}.json"

    def _entries(self, snippet):
        entries = (self.folder / snippet.name).glob("*.json")
        return sorted(entries, key=_written, reverse=True)


def write(path: Path, text: str) -> None:
    """Write a file that others may read meanwhile: whole, or not at all. Raises OSError."""
    draft = path.with_suffix(f".{os.getpid()}.draft")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.write_text(text, encoding="utf-8")
        draft.replace(path)
    except BaseException:
        with suppress(OSError):
            draft.unlink()
        raise


def parts(snippet: Snippet) -> dict[str, Any]:
    """Return everything that can change what a snippet does, by name."""
    return {"snippet": snippet.digest, "variables": keyed(), **environment()}


@cache
def environment() -> dict[str, Any]:
    """Return the part of a key that all snippets share."""
    version, build = torch_build()
    folders = [Path(entry) for entry in sys.path if entry.endswith("-packages")]
    # Of what is installed, the metadata folders' names tell name and version.
    packages = {path.stem for folder in folders for path in folder.glob("*.dist-info")}
    return {
        "engine": engine(ENGINE),
        "Python": sys.version,
        "torch": version,
        "torch build": build,
        "packages": sorted(packages),
        "platform": f"{platform.system()} {platform.machine()}",
        "seed": SEED,
    }


def engine(folder: Path) -> str:
    """Return the digest of the modules and styles in a folder."""
    files = [path for path in folder.rglob("*") if path.suffix in (".py", ".mplstyle")]
    return digest({path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in files})


@cache
def torch_build() -> tuple[str, str]:
    """Return torch's version and the commit it was built from, without importing it."""
    spec = importlib.util.find_spec("torch")
    if not spec or not spec.origin:
        return "not installed", ""
    text = Path(spec.origin).with_name("version.py").read_text(encoding="utf-8")
    found = dict(re.findall(r"^(\w+)[^=\n]*= '([^']*)'", text, re.MULTILINE))
    return found.get("__version__", ""), found.get("git_version", "")


def _read(path):
    try:
        entry = json.loads(path.read_text(encoding="utf-8"))
        body = {"parts": entry["parts"], "outcome": entry["outcome"]}
        if entry["digest"] != digest(body) or not isinstance(entry["parts"], dict):
            return None
        return {**body, "outcome": Outcome.from_json(entry["outcome"])}
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def _written(path):
    """When an entry was written; 0 if another process just deleted it."""
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def digest(value: Any) -> str:
    """Return the SHA-256 of a text, or of what JSON makes of another value."""
    text = value if isinstance(value, str) else json.dumps(value, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _change(name, then, now):
    if isinstance(now, list) and isinstance(then, list):
        gone, come = sorted(set(then) - set(now)), sorted(set(now) - set(then))
        return f"{name}: {', '.join(gone) or 'nothing'} became {', '.join(come) or 'nothing'}"
    if name in ("snippet", "engine"):
        return f"the text of the {name} changed"
    return f"{name}: {then} became {now}"
