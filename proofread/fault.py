"""What is wrong, where, and what to do about it: one line that an author can act on."""

import re
import stat
from dataclasses import dataclass
from pathlib import Path

#: What nobody sees on a page or a terminal: control characters, odd white space, marks of
#: direction, halves of characters, and what stands for bytes that are no text.
INVISIBLE = re.compile(
    r"[^\S\n\t ]|[\x00-\x08\x0e-\x1f\x7f-\x9f\xad]"
    r"|[\u200b-\u200f\u202a-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufffd]"
)


@dataclass(frozen=True)
class Place:
    """A line of a file, as an editor understands it."""

    path: str
    line: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


@dataclass(frozen=True)
class Fault:
    """One finding about a snippet or a page."""

    place: Place
    message: str
    #: Unified diff of what is stated against what happened, or "".
    diff: str = ""
    #: The command that would accept what happened, or "".
    accept: str = ""
    #: Pages that show the snippet at fault.
    shown: tuple[Place, ...] = ()

    def __str__(self) -> str:
        lines = [f"{self.place}: {self.message}"]
        lines += [f"  shown on {page}" for page in self.shown]
        lines += [f"  {line}" for line in self.diff.splitlines()]
        if self.accept:
            lines.append(f"  to accept what happened: {self.accept}")
        return visible("\n".join(lines))


def visible(text: str) -> str:
    """Write what nobody sees, or what moves a terminal's cursor, as Python would."""
    return INVISIBLE.sub(lambda match: ascii(match[0])[1:-1], text)


def read_text(path: Path, shown: str) -> str:
    """Read a source, with or without a byte order mark. Raises FaultError."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise FaultError(shown, 1, "cannot be read: not a file")
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise FaultError(shown, 1, f"not UTF-8 ({error.reason} at byte {error.start})") from None
    except (OSError, RuntimeError) as error:  # Until Python 3.12 a symlink loop is the latter.
        why = getattr(error, "strerror", None) or error
        raise FaultError(shown, 1, f"cannot be read: {why}") from None


class FaultError(Exception):
    """Raised where reading cannot go on; carries the fault to report."""

    def __init__(self, path: str | Path, line: int, message: str, diff: str = "", accept: str = ""):
        self.fault = Fault(Place(str(path), line), message, diff, accept)
        super().__init__(str(self.fault))
