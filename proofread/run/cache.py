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

from proofread.run import runner
from proofread.run.inside import child, limits, server, walk

#: What decides how a snippet runs.
MODULES = (child, limits, runner, server, walk)
ENGINE = (*(module.__file__ for module in MODULES), runner.STYLE)
#: Entries kept for each snippet: enough to switch branches without running again.
KEPT = 5


class Cache:
    """Outcomes of snippets, in ``folder/<snippet name>/<key>.json``."""

    def __init__(self, folder, kept=KEPT):
        self.folder, self.kept = Path(folder), kept

    def load(self, snippet):
        """Return the Outcome recorded for exactly this snippet and environment, or None."""
        entry = _read(self._path(snippet))
        return entry["outcome"] if entry and entry["parts"] == parts(snippet) else None

    def store(self, snippet, outcome):
        """Record an outcome; a cache that cannot be written is no error."""
        path = self._path(snippet)
        body = {"parts": parts(snippet), "outcome": outcome.to_json()}
        try:
            write(path, json.dumps({**body, "digest": _digest(body)}))
            # Not the new one, even if the clock went backwards.
            others = [entry for entry in self._entries(snippet) if entry != path]
            for old in others[self.kept - 1 :]:
                old.unlink(missing_ok=True)
        except OSError:
            return

    def why(self, snippet):
        """Say which parts of the key differ from the newest entry; [] if none does."""
        if self.load(snippet):
            return []
        newest = next(filter(None, map(_read, self._entries(snippet))), None)
        if newest is None:
            return ["it has not run here yet"]
        then, now = newest["parts"], parts(snippet)
        changed = [name for name in now if then.get(name) != now[name]]
        return [_change(name, then.get(name), now[name]) for name in changed]

    def _path(self, snippet):
        return self.folder / snippet.name / f"{_digest(parts(snippet))[:24]}.json"

    def _entries(self, snippet):
        entries = (self.folder / snippet.name).glob("*.json")
        return sorted(entries, key=_written, reverse=True)


def write(path, text):
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


def parts(snippet):
    """Everything that can change what a snippet does, by name."""
    return {"snippet": _digest(snippet.text), **environment()}


@cache
def environment():
    """The part of a key that all snippets share."""
    version, build = torch_build()
    return {
        "engine": _digest([Path(path).read_text("utf-8") for path in ENGINE]),
        "Python": sys.version,
        "torch": version,
        "torch build": build,
        "packages": _packages(),
        "platform": f"{platform.system()} {platform.machine()}",
        "seed": child.SEED,
    }


@cache
def torch_build():
    """Return torch's version and the commit it was built from, without importing it."""
    spec = importlib.util.find_spec("torch")
    if spec is None:
        return "not installed", ""
    text = Path(spec.origin).with_name("version.py").read_text(encoding="utf-8")
    found = dict(re.findall(r"^(\w+)[^=\n]*= '([^']*)'", text, re.MULTILINE))
    return found.get("__version__", ""), found.get("git_version", "")


def _packages():
    """Names and versions of what is installed: the metadata folders' names tell both."""
    folders = [Path(entry) for entry in sys.path if entry.endswith("-packages")]
    found = {path.stem for folder in folders for path in folder.glob("*.dist-info")}
    return sorted(found)


def _read(path):
    try:
        entry = json.loads(path.read_text(encoding="utf-8"))
        body = {"parts": entry["parts"], "outcome": entry["outcome"]}
        if entry["digest"] != _digest(body) or not isinstance(entry["parts"], dict):
            return None
        return {**body, "outcome": runner.Outcome(**entry["outcome"])}
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def _written(path):
    """When an entry was written; 0 if another process just deleted it."""
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _digest(value):
    text = value if isinstance(value, str) else json.dumps(value, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _change(name, then, now):
    if isinstance(now, list) and isinstance(then, list):
        gone, come = sorted(set(then) - set(now)), sorted(set(now) - set(then))
        return f"{name}: {', '.join(gone) or 'nothing'} became {', '.join(come) or 'nothing'}"
    if name in ("snippet", "engine"):
        return f"the text of the {name} changed"
    return f"{name}: {then} became {now}"
