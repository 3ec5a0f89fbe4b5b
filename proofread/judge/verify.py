"""Which snippets must run, from the cache or anew; gathers a verdict for each."""

import importlib.util
import os
import re
import shutil
import sys
import tomllib
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from pathlib import Path

from proofread.fault import Fault, FaultError, Place, read_text
from proofread.judge import vary
from proofread.judge.compare import compare, truth
from proofread.judge.verdict import Verdict
from proofread.read.snippet import Snippet, parse
from proofread.run.cache import Cache, torch_build
from proofread.run.job import Job, Outcome
from proofread.run.runner import Runner

SYSTEMS = {"linux", "darwin", "win32"}
TORCH = re.compile(r"torch *([<>=!~].*)")
PACKAGE = re.compile(r"[A-Za-z_][\w-]*")
NAME = re.compile(r"[a-z0-9_/-]+\.py", re.ASCII)


class Verifier:
    """Verifies snippets of one folder; remembers outcomes between calls."""

    def __init__(self, folder: Path, root: Path, cache: Path, runner: Runner | None = None):
        self.folder, self.root = folder, root
        #: The folder, links followed.
        self.real = Path(os.path.realpath(folder))
        self.cache = Cache(cache)
        self.runner = runner or Runner()
        #: The last Snippet parsed, by name.
        self.parsed: dict[str, Snippet] = {}
        #: The Snippet and the Outcome of the last run in this process, by name.
        self.remembered: dict[str, tuple[Snippet, Outcome]] = {}

    def close(self) -> None:
        """Stop the fork server."""
        self.runner.close()

    def load(self, name: str) -> Snippet:
        """Read and parse a snippet. Raises FaultError."""
        path = self.folder / name
        shown = path.relative_to(self.root).as_posix()
        self._check_name(name, shown)
        text = read_text(path, shown)
        known = self.parsed.get(name)
        if known and known.text == text and known.beside == self._beside(known):
            return known
        snippet = parse(name, shown, text, path)
        snippet = replace(snippet, beside=self._beside(snippet))
        for line, module in snippet.imports:
            file = f"{module}.py"
            if file not in snippet.beside and path.with_name(file).is_file():
                message = f"a snippet stands alone: it cannot import {module}.py beside it"
                raise FaultError(shown, line, message)
        self.parsed[name] = snippet
        return snippet

    def _beside(self, snippet):
        """Return {file name: text} of what a snippet uses. Raises FaultError."""
        for name in snippet.uses:
            if not NAME.fullmatch(name) or not (self.folder / name).is_file():
                message = f"'# uses: {name}' names no snippet: write '# uses: folder/file.py'"
                raise FaultError(snippet.path, snippet.where["uses"], message)
        paths = [self.folder / name for name in snippet.uses]
        return {path.name: read_text(path, path.relative_to(self.root)) for path in paths}

    def _check_name(self, name, shown):
        """Find what some file systems, or readers, cannot tell apart. Raises FaultError."""
        if not NAME.fullmatch(name):
            advice = "letters a to z, digits, '_' and '-', in lower case"
            raise FaultError(shown, 1, f"a snippet's path has other characters than {advice}")
        steps = accumulate([str(self.folder), *name.split("/")], os.path.join)
        if not any(map(os.path.islink, [*steps][1:])):  # A look at links alone is much faster.
            return
        if not Path(os.path.realpath(self.folder / name)).is_relative_to(self.real):
            raise FaultError(
                shown, 1, f"leads out of {self.folder.name}/: put the file itself there"
            )

    def verify(
        self,
        names: Iterable[str],
        use_cache: bool = True,
        progress: Callable[[int, int], None] = lambda done, total: None,
        others: Collection[str] = (),
    ) -> dict[str, Verdict]:
        """Return a verdict on each of the named snippets, running what must run.

        Of the ``others``, those are verified too that a wrong snippet is compared with.
        """
        verdicts, known, waiting = {}, {}, {}
        for name, snippet in sorted(self._load(names, others).items()):
            try:
                if isinstance(snippet, FaultError):
                    raise snippet
                if reason := missing(snippet):
                    verdicts[name] = Verdict(name, snippet, None, (), reason)
                elif outcome := use_cache and self._known(snippet):
                    known[name] = outcome
                else:
                    snippet.compile()
                    waiting[name] = snippet
            except FaultError as error:
                verdicts[name] = Verdict(name, self.parsed.get(name), None, (error.fault,))
        outcomes = known | self._run(waiting, progress)
        for name, outcome in sorted(outcomes.items()):  # In whatever order they ended.
            snippet = self.parsed[name]
            faults = compare(snippet, outcome, outcomes.get(snippet.right))
            if outcome.again and not faults:
                faults += vary.outputs(snippet, outcome, outcome.again, vary.AGAIN)
            if (right := outcomes.get(snippet.right)) and right.again and not faults:
                faults += truth(snippet, right.again)
            if snippet.right and snippet.right not in outcomes:
                faults.append(_no_right(snippet))
            verdicts[name] = Verdict(name, snippet, outcome, tuple(faults), cached=name in known)
        for name, verdict in verdicts.items():
            if verdict.reason:  # It did not run, and what it says of the right one is seen.
                faults = truth(verdict.snippet, outcomes.get(verdict.snippet.right))
                verdicts[name] = replace(verdict, faults=tuple(faults))
        return verdicts

    def _load(self, names, others):
        """Load the named snippets and their right twins: {name: Snippet, or FaultError}."""
        loaded, waiting = {}, list(names)
        while waiting:
            name = waiting.pop()
            if name in loaded:
                continue
            try:
                loaded[name] = self.load(name)
                waiting += {loaded[name].right}.intersection(others)
            except FaultError as error:
                loaded[name] = error
        return loaded

    def _run(self, waiting, progress):
        outcomes, again = {}, []
        for done, (job, outcome) in enumerate(self.runner.run(map(Job.of, waiting.values())), 1):
            outcomes[job.name] = outcome
            if vary.may_vary(waiting[job.name], outcome):
                again.append(replace(job, timeout=vary.PATIENCE * job.timeout))
            else:
                self._keep(waiting[job.name], outcome)
            progress(done, len(waiting))
        if again:
            with Runner(self.runner.processes, self.runner.forks, vary.AGAIN) as runner:
                for job, other in runner.run(again):
                    outcomes[job.name] = replace(outcomes[job.name], again=other)
                    self._keep(waiting[job.name], outcomes[job.name])
        return outcomes

    def _keep(self, snippet, outcome):
        self.remembered[snippet.name] = (snippet, outcome)
        if outcome.ended == "done":
            self.cache.store(snippet, outcome)

    def _known(self, snippet):
        # Time-outs and crashes are not cached on disk, but a running `mkdocs serve` need
        # not repeat them until the snippet changes, nor read again what it has read.
        known, outcome = self.remembered.get(snippet.name, (None, None))
        if known != snippet:
            outcome = self.cache.load(snippet)
            if outcome:
                self.remembered[snippet.name] = (snippet, outcome)
        return outcome


def missing(snippet: Snippet) -> str:
    """Say what the snippet requires that is not here, or "". Raises FaultError.

    A package that is not here is one that the project's ``pyproject.toml`` names. The record of
    an output is one that can be: of what is required, and of no day to come.
    """
    reasons = []
    for requirement in snippet.requires:
        try:
            reasons.append(_lacks(requirement, snippet.root))
        except ValueError:
            known = "write cuda, linux, darwin, win32, torch>=2.13, or a package of pyproject.toml"
            message = f"unknown requirement {requirement!r}; {known}"
            raise FaultError(snippet.path, snippet.where["requires"], message) from None
    if impossible := _impossible(snippet):
        raise FaultError(snippet.path, snippet.where["recorded"], impossible)
    return next(filter(None, reasons), "")


def _impossible(snippet):
    """Say why no output can have been recorded as is said, or ""."""
    if not snippet.recorded:
        return ""
    systems = SYSTEMS.intersection(snippet.requires)
    if len(systems) > 1:
        return f"recorded nowhere: no machine is {' and '.join(sorted(systems))} at once"
    before, _, day = snippet.recorded.rpartition(", ")
    version = before.rpartition(" ")[2]
    # It may be tomorrow already where it was recorded.
    if date.fromisoformat(day) > datetime.now(UTC).date() + timedelta(days=1):
        return f"recorded on {day}, which is to come"
    for requirement in snippet.requires:
        if (wanted := TORCH.fullmatch(requirement)) and not _is_met(wanted[1], version):
            return f"recorded with torch {version}, which is not {requirement}"
    return ""


def _lacks(requirement, root):
    """Say why a requirement is not met, or "". Raises ValueError if it is none."""
    if requirement == "cuda":
        build = torch_build()[0]
        usable = "+cpu" not in build and shutil.which("nvidia-smi")
        return "" if usable else "needs a CUDA device"
    if requirement in SYSTEMS:
        return "" if sys.platform == requirement else f"needs {requirement}"
    if versioned := TORCH.fullmatch(requirement):
        met = _is_met(versioned[1], torch_build()[0])
        return "" if met else f"needs {requirement}, this is {torch_build()[0]}"
    if not PACKAGE.fullmatch(requirement):
        raise ValueError(requirement)
    if importlib.util.find_spec(requirement):
        return ""
    if _normal(requirement) in _named(root):
        return f"needs {requirement}"
    raise ValueError(requirement)


def _is_met(wanted, version):
    # Rarely needed, and slow to import.
    from packaging.specifiers import SpecifierSet

    return SpecifierSet(wanted).contains(version, prereleases=True)


def _named(root):
    """Return the packages that a project's ``pyproject.toml`` names."""
    try:
        told = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return set()
    project = told.get("project", {})
    groups = [*told.get("dependency-groups", {}).values(), project.get("dependencies", [])]
    groups += project.get("optional-dependencies", {}).values()
    texts = [text for group in groups for text in group if isinstance(text, str)]
    return {_normal(name) for text in texts for name in PACKAGE.findall(text)[:1]}


def _normal(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def _no_right(snippet):
    message = f"'# right: {snippet.right}' names no snippet that runs here"
    return Fault(Place(snippet.path, snippet.where["right"]), message)
