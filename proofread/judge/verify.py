"""Which snippets must run, from the cache or anew; gathers a verdict for each."""

import importlib.util
import os
import re
import shutil
import sys
from pathlib import Path

from proofread.fault import Fault, FaultError, Place, read_text
from proofread.judge.compare import compare, restate
from proofread.judge.verdict import Verdict
from proofread.read.snippet import parse
from proofread.run.cache import Cache, torch_build
from proofread.run.runner import Runner

NAME = re.compile(r"[a-z0-9_/-]+\.py", re.ASCII)


class Verifier:
    """Verifies snippets of one folder; remembers outcomes between calls."""

    def __init__(self, folder, root, cache_folder, jobs=None, fresh=None):
        self.folder, self.root = Path(folder), Path(root)
        #: The folder, links followed.
        self.real = Path(os.path.realpath(folder))
        self.cache = Cache(cache_folder)
        self.runner = Runner(jobs, fresh)
        #: Snippet name -> the last Snippet parsed.
        self.parsed = {}
        #: Snippet name -> (text, Outcome) of the last run in this process.
        self.remembered = {}

    def close(self):
        """Stop the fork server."""
        self.runner.close()

    def load(self, name):
        """Read and parse a snippet. Raises FaultError."""
        path = self.folder / name
        shown = path.relative_to(self.root).as_posix()
        self._check_name(name, shown)
        text = read_text(path, shown)
        known = self.parsed.get(name)
        if known and known.text == text:
            return known
        snippet = parse(name, shown, text, path)
        for line, module in snippet.imports:
            if path.with_name(f"{module}.py").is_file():
                message = f"a snippet stands alone: it cannot import {module}.py beside it"
                raise FaultError(shown, line, message)
        self.parsed[name] = snippet
        return snippet

    def _check_name(self, name, shown):
        """Find what some file systems, or readers, cannot tell apart. Raises FaultError."""
        if not NAME.fullmatch(name):
            advice = "letters a to z, digits, '_' and '-', in lower case"
            raise FaultError(shown, 1, f"a snippet's path has other characters than {advice}")
        if not Path(os.path.realpath(self.folder / name)).is_relative_to(self.real):
            raise FaultError(
                shown, 1, f"leads out of {self.folder.name}/: put the file itself there"
            )

    def verify(self, names, use_cache=True, progress=lambda done, total: None, others=()):
        """Return {name: Verdict} for the named snippets, running what must run.

        Of the ``others``, those are verified too that a wrong snippet is compared with.
        """
        snippets, verdicts, outcomes, waiting = {}, {}, {}, []
        for name, snippet in sorted(self._load(names, others).items()):
            try:
                if isinstance(snippet, FaultError):
                    raise snippet
                reason = missing(snippet)
                known = self._known(snippet) if use_cache and not reason else None
                if not known and not reason:
                    snippet.compile()
            except FaultError as error:
                verdicts[name] = Verdict(name, self.parsed.get(name), None, (error.fault,))
                continue
            if reason:
                verdicts[name] = Verdict(name, snippet, None, (), reason)
                continue
            snippets[name] = snippet
            if known:
                outcomes[name] = known
            else:
                waiting.append(snippet)
        cached = set(outcomes)
        outcomes |= self._run(waiting, progress)
        for name, snippet in snippets.items():
            faults = compare(snippet, outcomes[name], outcomes.get(snippet.right))
            if snippet.right and snippet.right not in outcomes:
                faults = [*faults, _no_right(snippet)]
            verdicts[name] = Verdict(
                name, snippet, outcomes[name], tuple(faults), cached=name in cached
            )
        return verdicts

    def restated(self, verdict):
        """Return the snippet's text as its outcome would have it."""
        return restate(verdict.snippet, verdict.outcome)

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
        outcomes = {}
        for done, (snippet, outcome) in enumerate(self.runner.run(waiting), 1):
            outcomes[snippet.name] = outcome
            self.remembered[snippet.name] = (snippet.text, outcome)
            if outcome.ended == "done":
                self.cache.store(snippet, outcome)
            progress(done, len(waiting))
        return outcomes

    def _known(self, snippet):
        # Time-outs and crashes are not cached on disk, but a running `mkdocs serve` need
        # not repeat them until the snippet changes.
        text, outcome = self.remembered.get(snippet.name, (None, None))
        if text == snippet.text:
            return outcome
        return self.cache.load(snippet)


def missing(snippet):
    """Say what the snippet requires that is not here, or "". Raises FaultError."""
    for requirement in snippet.requires:
        try:
            reason = _lacks(requirement)
        except ValueError:
            known = "write cuda, linux, PACKAGE or torch>=2.13"
            message = f"unknown requirement {requirement!r}; {known}"
            raise FaultError(snippet.path, snippet.where["requires"], message) from None
        if reason:
            return reason
    return ""


def _lacks(requirement):
    """Say why a requirement is not met, or "". Raises ValueError if it is none."""
    if requirement == "cuda":
        build = torch_build()[0]
        usable = "+cpu" not in build and shutil.which("nvidia-smi")
        return "" if usable else "needs a CUDA device"
    if requirement in ("linux", "darwin", "win32"):
        return "" if sys.platform == requirement else f"needs {requirement}"
    versioned = re.fullmatch(r"torch *([<>=!~].*)", requirement)
    if versioned:
        # Rarely needed, and slow to import.
        from packaging.specifiers import SpecifierSet

        met = SpecifierSet(versioned[1]).contains(torch_build()[0], prereleases=True)
        return "" if met else f"needs {requirement}, this is {torch_build()[0]}"
    if re.fullmatch(r"[A-Za-z_]\w*", requirement):
        return "" if importlib.util.find_spec(requirement) else f"needs {requirement}"
    raise ValueError(requirement)


def _no_right(snippet):
    message = f"'# right: {snippet.right}' names no snippet that runs here"
    return Fault(Place(snippet.path, snippet.where["right"]), message)
