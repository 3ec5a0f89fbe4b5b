"""What the tests share: this repository, checked once for the whole run."""

from pathlib import Path

import pytest

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
    return getattr(pytestconfig, "report", None) or project.check()


@pytest.fixture(scope="session")
def values(report):
    """Return a function from a snippet's name to its final globals, and ``error`` if it raised."""
    return lambda name: report.verdicts[name].values


@pytest.fixture(autouse=True)
def in_repository(monkeypatch):
    """Tests may name files relative to the repository."""
    monkeypatch.chdir(ROOT)
