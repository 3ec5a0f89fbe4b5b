"""What is run, and what came of it: plain data."""

import json
import re
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from proofread.read.snippet import Snippet
from proofread.run.inside.child import CHANCE, SEED, THREADS, Raised, Warned
from proofread.run.inside.limits import MEMORY, TIMEOUT
from proofread.run.inside.walk import Node

#: What needs modules that torch imports lazily.
NEEDS_LAZY = re.compile(r"torch\.(optim|func|compile|vmap)|gradcheck|checkpoint")


@dataclass(frozen=True)
class Job:
    """A text to run as if it were the file at ``path``."""

    #: By which whoever asks knows it.
    name: str
    path: str
    #: The folder below which nothing is written.
    root: str
    text: str
    #: In seconds.
    timeout: float = TIMEOUT.value
    #: In bytes; None for as much as there is.
    memory: int | None = MEMORY.value
    #: What it can import beside it: file names and texts.
    beside: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, snippet: Snippet) -> "Job":
        """Return the job of running a snippet."""
        # A build of PyTorch for CUDA maps more memory than the limit.
        memory = None if "cuda" in snippet.requires else MEMORY.value
        timeout = snippet.timeout or TIMEOUT.value
        where = snippet.name, str(snippet.file), str(snippet.root)
        return cls(*where, snippet.text, timeout, memory, tuple(snippet.beside.items()))

    @property
    def needs_lazy(self) -> bool:
        """Tell whether it may need what torch imports lazily."""
        return bool(NEEDS_LAZY.search(self.text))


@dataclass(frozen=True)
class Condition:
    """What differs from one machine, or one run, to the next."""

    seed: int = SEED
    hash_seed: int = SEED
    threads: int = 1

    def __str__(self) -> str:
        when = ", another day" if self.seed != SEED else ""
        return f"seed {self.seed}, hash seed {self.hash_seed}, {self.threads} threads{when}"

    def environment(self) -> dict[str, str]:
        """Return the environment variables that bring it about."""
        libraries = (THREADS, "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")
        threads = dict.fromkeys(libraries, str(self.threads))
        # Threads that wait leave the cores to others.
        chance = {CHANCE: str(self.seed), "PYTHONHASHSEED": str(self.hash_seed)}
        if self.seed != SEED:  # What memory holds that nobody wrote; glibc fills it.
            chance["MALLOC_PERTURB_"] = str(self.seed)
        return {**chance, **threads, "OMP_WAIT_POLICY": "PASSIVE"}


@dataclass(frozen=True)
class Outcome:
    """What a snippet did when it ran."""

    #: "done" if it came to its end or raised; otherwise "timeout" or "crash".
    ended: str
    #: What each top-level statement that ran printed.
    outputs: list[str] = field(default_factory=list)
    warnings: list[Warned] = field(default_factory=list)
    error: Raised | None = None
    #: What it wrote to standard error.
    stderr: str = ""
    #: The first statement that did.
    noisy: int | None = None
    #: Its final globals, as far as a page can show them.
    values: dict[str, Any] = field(default_factory=dict)
    #: Its matplotlib figures among the final globals, as SVG.
    figures: dict[str, str] = field(default_factory=dict)
    #: The autograd graph of its final globals, as JSON: a few are drawn, and nodes would take
    #: five times the memory.
    graph: str = "[]"
    seconds: float = 0.0
    #: The line that drew random numbers before the snippet set a seed, if one did.
    chance: int | None = None
    #: What it did when it ran once more, with other chance and at another time, if it did.
    again: "Outcome | None" = None
    #: UTC day on which it ran, ISO 8601.
    date: str = ""
    #: For a time-out or a crash: how it ended, in words, and the line of the statement at work.
    detail: str = ""
    line: int | None = None

    @property
    def nodes(self) -> list[Node]:
        """The autograd graph of its final globals."""
        return [Node(**node) for node in json.loads(self.graph)]

    def raised_by(self, statement: int) -> Raised | None:
        """Return the exception that ended it, if it came from this statement."""
        return self.error if self.error and self.error.statement == statement else None

    def to_json(self) -> dict[str, Any]:
        """Return what JSON keeps of it."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Outcome":
        """Return the outcome of which JSON kept this. Raises TypeError if it is of none."""
        warnings = [Warned(**one) for one in kept["warnings"]]
        error = Raised(**kept["error"]) if kept["error"] else None
        again = cls.from_json(kept["again"]) if kept.get("again") else None
        return replace(cls(**kept), warnings=warnings, error=error, again=again)
