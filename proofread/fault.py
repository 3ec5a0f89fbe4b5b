"""What is wrong, where, and what to do about it: one line that an author can act on."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Place:
    """A line of a file, as an editor understands it."""

    path: str
    line: int

    def __str__(self):
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
    shown: tuple[Place, ...] = field(default=())

    def __str__(self):
        lines = [f"{self.place}: {self.message}"]
        lines += [f"  shown on {page}" for page in self.shown]
        lines += [f"  {line}" for line in self.diff.splitlines()]
        if self.accept:
            lines.append(f"  to accept what happened: {self.accept}")
        return "\n".join(lines)


class FaultError(Exception):
    """Raised where reading cannot go on; carries the fault to report."""

    def __init__(self, path, line, message):
        self.fault = Fault(Place(str(path), line), message)
        super().__init__(str(self.fault))
