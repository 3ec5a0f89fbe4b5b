"""What builds remember: values by name and key, each in a file that is whole, or as not there."""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from proofread.run.cache import digest, write

#: Entries kept of each name: what is built and what is served differ in their address.
KEPT = 3


class Memory:
    """Values that JSON can hold, in ``folder/NAME/KEY.json``, and in this process."""

    def __init__(self, folder: Path):
        self.folder = folder
        #: Name -> (key, value) of the last one; a server asks for it again and again.
        self.last: dict[str, tuple[str, Any]] = {}

    def get(self, name: str, key: str) -> Any:
        """Return what was kept under just this key, or None."""
        if self.last.get(name, ("",))[0] != key:
            try:
                check, text = self._file(name, key).read_text(encoding="utf-8").split("\n", 1)
            except (OSError, ValueError):
                return None
            if check != digest(key + text):
                return None
            self.last[name] = key, json.loads(text)
        return self.last[name][1]

    def keep(self, name: str, key: str, value: Any) -> None:
        """Keep a value, unless JSON would change it; where nothing can be written is no error."""
        text = json.dumps(value, ensure_ascii=False, default=repr)
        if json.loads(text) != value:
            return
        self.last[name] = key, value
        file = self._file(name, key)
        with suppress(OSError):
            write(file, f"{digest(key + text)}\n{text}")
            others = [other for other in file.parent.glob("*.json") if other != file]
            for old in sorted(others, key=_written, reverse=True)[KEPT - 1 :]:
                old.unlink(missing_ok=True)

    def _file(self, name, key):
        return self.folder / name / f"{key[:24]}.json"


def _written(file):
    """When a file was written; 0 if another process just deleted it."""
    try:
        return file.stat().st_mtime
    except OSError:
        return 0.0
