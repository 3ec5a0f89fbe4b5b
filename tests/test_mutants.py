"""What the site shows is held in place: change any one thing, and something notices."""

import subprocess
from pathlib import Path

import pytest

from proofread.attack.trial import Mutation, sample

ROOT = Path(__file__).resolve().parents[1]
#: Snippets that run longer are tried by hand, with ``python -m proofread mutate``.
SECONDS = 1.5
#: How many of those mutants are tried for which something has to run.
SAMPLE, LISTED, CAP = 60, 30, 60


@pytest.fixture(scope="module")
def mutation(project, report):
    """The mutants of this repository."""
    assert [str(fault) for fault in report.faults] == []
    return Mutation(project, report)


@pytest.fixture(scope="module")
def quick(mutation):
    """The mutants that are tried in a moment, and for which something has to run."""
    return [m for m in mutation.mutants if runs(mutation, m) and mutation.seconds(m) < SECONDS]


def runs(mutation, mutant):
    return not mutant.stated and mutant.path not in mutation.report.pages


def survivors(mutation, mutants):
    """The mutants that nothing catches, and entries of the list that are out of date."""
    trials = mutation.try_out(mutants)
    return [str(t.mutant) for t in trials if t.survives] + list(mutation.stale(trials))


def test_every_stated_digit_matters(mutation):
    """Change any one digit that a snippet states, and it is no longer true."""
    assert survivors(mutation, [m for m in mutation.mutants if m.stated]) == []


def test_every_bound_value_is_looked_up(mutation):
    """Misspell any one value that a page names, and the site is not built."""
    pages = [m for m in mutation.mutants if m.path in mutation.report.pages]
    assert survivors(mutation, pages) == []


def test_a_sample_of_what_the_site_does(mutation, quick):
    """Of mutants chosen by chance, each is caught or justified."""
    assert survivors(mutation, sample(quick, SAMPLE)) == []


def test_the_list_of_equivalent_mutants(mutation, quick):
    """Each entry is a mutant and has a reason; of a sample, nothing catches it."""
    listed = [mutant for mutant in quick if mutation.reason(mutant)]
    assert survivors(mutation, sample(listed, LISTED)) == []
    assert all(len(reason.split()) > 3 for reason in mutation.equivalent.values())


def test_what_this_change_touches(mutation, quick):
    """Of the mutants of files that this branch, or the last commit, changed, each is caught."""
    changed = mutation.since(quick, base())
    assert survivors(mutation, sample(changed, CAP)) == []


def base():
    """The commit that this work started from; skip where git does not know it."""
    for other in ("origin/HEAD", "origin/main", "main"):
        found = git("merge-base", "HEAD", other)
        if found and found != git("rev-parse", "HEAD"):
            return found
    return git("rev-parse", "--verify", "HEAD~1") or pytest.skip("no history")


def git(*words):
    try:
        done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return ""
    return done.stdout.strip()
