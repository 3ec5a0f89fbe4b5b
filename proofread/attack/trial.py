"""Mutation testing of the documentation: change one thing at a time, and see who notices.

A mutant that no statement, header, page or oracle test catches is a survivor: something on the
site that may change without notice, unless ``tests/equivalent.toml`` says why it cannot matter.
"""

import hashlib
import itertools
import subprocess
import tomllib
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from proofread.attack.mutants import of_oracle, of_page, of_snippet
from proofread.attack.oracle import Oracles, oracles
from proofread.fault import FaultError
from proofread.judge.compare import compare
from proofread.judge.verdict import Verdict
from proofread.read.page import parse_page
from proofread.read.snippet import parse
from proofread.run.cache import Cache
from proofread.run.job import Job
from proofread.show.kinds import KINDS, Bound, Made

EQUIVALENT = "tests/equivalent.toml"
#: A mutant may take this many times as long as the snippet, and these seconds more.
PATIENCE, GRACE = 5, 5.0
#: Outcomes kept for each snippet: more than it has mutants.
KEPT = 400


@dataclass(frozen=True)
class Trial:
    """What happened to one mutant."""

    mutant: object
    #: What noticed, or "".
    caught_by: str
    #: Why nothing needs to, or "".
    reason: str = ""

    @property
    def survives(self):
        """Tell whether nothing noticed that should have."""
        return not self.caught_by and not self.reason


class Attack:
    """The mutants of one project, which is true as it stands, and what catches each of them."""

    def __init__(self, project, report):
        self.project, self.report = project, report
        folder = project.verifier.cache.folder / "mutants"
        self.cache, self.judged = Cache(folder, KEPT), Path(folder, "oracles")
        #: The verdicts on snippets that ran, by path.
        self.ran = {v.snippet.path: v for v in report.verdicts.values() if v.outcome}

    @cached_property
    def mutants(self):
        """All mutants: of snippets, of pages, of oracles."""
        quoted = {
            piece.name
            for page in self.report.pages.values()
            for piece in page.of(Bound)
            if not isinstance(self.report.verdicts[piece.name].values[piece.value], str)
        }
        found = []
        ran = [verdict.snippet for verdict in self.ran.values()]
        used = {name for snippet in ran for name in snippet.uses}
        relied_on = quoted | {snippet.right for snippet in ran}
        for verdict in self.ran.values():
            # What is used, and a function that no page relies on, has tests of its own.
            stated = verdict.snippet.asserted or verdict.name in relied_on
            if stated and verdict.name not in used:
                found += of_snippet(verdict.snippet, verdict.name in quoted)
        for path, page in self.report.pages.items():
            found += of_page(page, (self.project.root / path).read_text(encoding="utf-8"))
        for path, text in oracles(self.project.root).items():
            found += of_oracle(path, text)
        return found

    @cached_property
    def equivalent(self):
        """What ``tests/equivalent.toml`` says: name of a mutant -> why it cannot matter."""
        file = self.project.root / EQUIVALENT
        entries = tomllib.loads(file.read_text("utf-8"))["equivalent"] if file.exists() else []
        return {name: entry["reason"] for entry in entries for name in entry["mutants"]}

    def page_of(self, mutant):
        """The page that a mutant counts for: the one that shows it first, or its own file."""
        name = self.ran[mutant.path].name if mutant.path in self.ran else ""
        return self.report.anchors.get(name, (mutant.path, ""))[0]

    def seconds(self, mutant):
        """How long the snippet of a mutant ran; 0 if nothing has to run."""
        runs = mutant.path in self.ran and not mutant.stated
        return self.ran[mutant.path].outcome.seconds if runs else 0.0

    def below(self, mutants, paths):
        """Choose the mutants of these files and folders, and of what these pages show first.

        Raises FaultError for a path without any.
        """
        chosen = {} if paths else dict.fromkeys(mutants)
        for path in paths:
            folder, root = Path(path).resolve(), self.project.root
            found = [
                mutant
                for mutant in mutants
                if (root / mutant.path).is_relative_to(folder)
                or (root / self.page_of(mutant)).is_relative_to(folder)
            ]
            if not found:
                raise FaultError(path, 1, "nothing to change here")
            chosen |= dict.fromkeys(found)
        return list(chosen)

    def since(self, mutants, revision):
        """Choose the mutants of files that changed since a git revision. Raises FaultError."""
        command = ["git", "-C", self.project.root, "diff", "--name-only", "--relative", revision]
        done = subprocess.run([*command, "--"], capture_output=True, text=True, check=False)
        if done.returncode:
            raise FaultError(revision, 1, done.stderr.strip())
        changed = set(done.stdout.splitlines())
        return [mutant for mutant in mutants if mutant.path in changed]

    def try_out(self, mutants, progress=lambda done, total: None):
        """Return a Trial for each mutant."""
        snippets = {m: self._parsed(m) for m in mutants if m.path in self.ran}
        caught = {m: "" if snippet else "the parser" for m, snippet in snippets.items()}
        outcomes = self._outcomes({m: s for m, s in snippets.items() if s}, progress)
        verdicts = {m: self._verdict(snippets[m], outcome) for m, outcome in outcomes.items()}
        caught |= {mutant: self._by_build(verdict) for mutant, verdict in verdicts.items()}
        caught |= {m: self._by_page(m) for m in mutants if m.path in self.report.pages}
        left = {m: verdicts.get(m) for m in mutants if not caught.get(m)}
        jobs = self.project.verifier.runner.processes
        with Oracles(self.project.root, self.report, self.judged, jobs) as known:
            caught |= known.caught(left, progress)
        return [Trial(m, caught[m], "" if caught[m] else self.reason(m)) for m in mutants]

    def stale(self, trials):
        """List entries of the list of equivalent mutants that are no mutants, or are caught."""
        names = {mutant.name for mutant in self.mutants}
        tried = defaultdict(list)
        for trial in trials:
            tried[trial.mutant.name].append(trial.caught_by)
        for name in self.equivalent:
            if name not in names:
                yield f"{EQUIVALENT}: no such mutant: {name}"
            elif tried[name] and all(tried[name]):
                yield f"{EQUIVALENT}: caught by {tried[name][0]}: {name}"

    def _parsed(self, mutant):
        """Return the snippet that a mutant is, or None if it is none any more."""
        known = self.ran[mutant.path].snippet
        try:
            snippet = parse(known.name, known.path, mutant.text, known.file)
            snippet = replace(snippet, beside=known.beside)
            if not mutant.stated:
                snippet.compile()
        except FaultError:
            return None
        return snippet

    def _outcomes(self, snippets, progress):
        """Return the outcome of each mutant of a snippet, running what must run."""
        outcomes, waiting = {}, {}
        for mutant, snippet in snippets.items():
            usual = self.ran[mutant.path].outcome
            outcomes[mutant] = usual if mutant.stated else self.cache.load(snippet)
            if outcomes[mutant] is None:
                timeout = PATIENCE * usual.seconds + GRACE
                waiting[replace(Job.of(snippet), timeout=timeout)] = mutant
        for done, (job, outcome) in enumerate(self.project.verifier.runner.run(waiting), 1):
            mutant = waiting[job]
            # That there is a figure is all that a page needs to know.
            outcomes[mutant] = replace(outcome, figures=dict.fromkeys(outcome.figures, ""))
            self.cache.store(snippets[mutant], outcomes[mutant])
            progress(done, len(waiting))
        return outcomes

    def _verdict(self, snippet, outcome):
        right = self.report.verdicts.get(snippet.right)
        faults = compare(snippet, outcome, right and right.outcome)
        return Verdict(snippet.name, snippet, outcome, tuple(faults))

    def _by_build(self, verdict):
        """Say what in the build notices that a snippet does this instead, or ""."""
        if verdict.faults:
            wrong = verdict.snippet.wrong
            by_header = wrong and verdict.faults[0].place.line == wrong.line
            return "its header" if by_header else "what it states"
        for other in self.ran.values():
            is_right = other.snippet.right == verdict.name
            if is_right and compare(other.snippet, other.outcome, verdict.outcome):
                return f"the header of {other.snippet.path}"
        report = replace(self.report, verdicts={**self.report.verdicts, verdict.name: verdict})
        return self._by_pages(report, lambda page: verdict.name in page.names)

    def _by_page(self, mutant):
        """Say which page notices that a page says this instead, or ""."""
        page = parse_page(mutant.path, mutant.text, KINDS)
        report = replace(self.report, pages={**self.report.pages, page.path: page})
        return self._by_pages(report, lambda other: other is page)

    def _by_pages(self, report, touched):
        """Name the page that cannot be built: one touched, or with a piece made of many pages."""
        check, pages = self.project, report.pages.values()
        own = (page for page in pages if touched(page) and check.page_faults(page, report))
        others = (p for p in pages if check.piece_faults(p.of(Made), p, report))
        return next((page.path for page in itertools.chain(own, others)), "")

    def reason(self, mutant):
        """Why a mutant cannot matter, or ""."""
        return self.equivalent.get(mutant.name, "")


def sample(mutants, count, seed=0):
    """Choose ``count`` mutants by chance; those that a change elsewhere adds shift no others."""

    def rank(mutant):
        return hashlib.sha256(f"{seed} {mutant.name}".encode()).digest()

    return sorted(mutants, key=rank)[:count]


def counts(attack, trials):
    """Count the mutants of each page that are caught, are justified, and survive."""
    found = defaultdict(Counter)
    for trial in trials:
        kind = "survive" if trial.survives else "justified" if trial.reason else "caught"
        found[attack.page_of(trial.mutant)][kind] += 1
    return dict(sorted(found.items()))


def table(attack, trials):
    """Lines with the strength of each page: the part of its mutants that is caught."""
    pages = counts(attack, trials)
    yield f"{'caught':>7}{'justified':>10}{'survive':>8}{'strength':>9}"
    for page, count in {"all": sum(pages.values(), Counter()), **pages}.items():
        caught, survive = count["caught"], count["survive"]
        strength = 100 * caught / max(caught + survive, 1)
        yield f"{caught:>7}{count['justified']:>10}{survive:>8}{strength:>8.1f}%  {page}"
