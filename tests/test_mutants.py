"""What the site shows is held in place: change any one thing, and something notices."""

import os
import subprocess
from pathlib import Path

import pytest

from proofread.attack.trial import Attack, sample

ROOT = Path(__file__).resolve().parents[1]
#: Snippets that run longer are tried by hand, with ``python -m proofread mutate``.
SECONDS = 1.5
#: How many of those mutants are tried for which something has to run; with ALL_LOOKS=1, as once a
#: week, three times as many.
TIMES = 3 if os.environ.get("ALL_LOOKS") else 1
SAMPLE, LISTED, CAP = 20 * TIMES, 10 * TIMES, 60


@pytest.fixture(scope="module")
def attack(project, report):
    """The mutants of this repository."""
    assert [str(fault) for fault in report.faults] == []
    return Attack(project, report)


@pytest.fixture(scope="module")
def quick(attack):
    """The mutants that are tried in a moment, and for which something has to run."""
    return [m for m in attack.mutants if runs(attack, m) and attack.seconds(m) < SECONDS]


def runs(attack, mutant):
    return not mutant.stated and mutant.path not in attack.report.pages


def survivors(attack, mutants):
    """The mutants that nothing catches, and entries of the list that are out of date."""
    trials = attack.try_out(mutants)
    return [str(t.mutant) for t in trials if t.survives] + list(attack.stale(trials))


def test_every_stated_digit_matters(attack):
    """Change any one digit that a snippet states, and it is no longer true."""
    assert survivors(attack, [m for m in attack.mutants if m.stated]) == []


def test_every_bound_value_is_looked_up(attack):
    """Misspell any one value that a page names, and the site is not built."""
    pages = [m for m in attack.mutants if m.path in attack.report.pages]
    assert survivors(attack, pages) == []


def test_a_sample_of_what_the_site_does(attack, quick, seed):
    """Of mutants chosen by chance, each is caught or justified."""
    assert survivors(attack, sample(quick, SAMPLE, seed)) == []


def test_the_list_of_equivalent_mutants(attack, quick, seed):
    """Each entry is a mutant and has a reason; of a sample, nothing catches it."""
    listed = [mutant for mutant in quick if attack.reason(mutant)]
    assert survivors(attack, sample(listed, LISTED, seed)) == []
    assert all(len(reason.split()) > 3 for reason in attack.equivalent.values())


def test_what_this_change_touches(attack, quick):
    """Of the mutants of files that this branch, or the last commit, changed, each is caught."""
    changed = attack.since(quick, base())
    assert survivors(attack, sample(changed, CAP)) == []


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
