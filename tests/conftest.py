"""What the tests share: this repository, checked once for the whole run."""

from pathlib import Path

import pytest
from filelock import FileLock

from proofread.project import Project

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def project():
    """This repository's pages and snippets."""
    with Project(ROOT) as project:
        yield project


@pytest.fixture(scope="session")
def report(project, pytestconfig):
    """The verdict on this repository, or on a mutant of it that the oracles are to catch."""
    mutated = getattr(pytestconfig, "report", None)
    if mutated:
        return mutated
    # Where tests run on all cores, one process verifies; the others find it in the cache.
    with FileLock(ROOT / ".cache/tests.lock"):
        return project.check()


@pytest.fixture(scope="session")
def values(report):
    """Return a function from a snippet's name to its final globals, and ``error`` if it raised."""
    return lambda name: report.verdicts[name].values


@pytest.fixture(autouse=True)
def in_repository(monkeypatch):
    """Tests may name files relative to the repository."""
    monkeypatch.chdir(ROOT)
