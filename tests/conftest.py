"""What the tests share: this repository, checked once for the whole run."""

import linecache
import os
import shutil
import signal
from pathlib import Path

import pytest
from filelock import FileLock

from proofread.project import Project

# A shell lets what it starts in the background ignore Ctrl-C, and so would all that tests start.
signal.signal(signal.SIGINT, signal.default_int_handler)
# Each process has a core to itself: threads of PyTorch would take those of the others.
os.environ.setdefault("OMP_NUM_THREADS", "1")

ROOT = Path(__file__).resolve().parents[1]
#: Which samples are drawn: the same in each run, so that only a change can turn a test red. Others
#: are tried once a week, by .github/workflows/drift.yml.
SEED = os.environ.get("SAMPLE_SEED", "0")
#: Seconds that may pass until the whole repository is verified, or another process has done it.
PATIENCE = 1800
#: Milliseconds that a busy machine may take for what is sure to come in a browser.
SURELY = 60_000
#: Chromium must not look for hosts of its own.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_report_header():
    return f"samples: SAMPLE_SEED={SEED}"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Whoever needs the whole repository may be the first to, or wait for who is."""
    for item in items:
        if "report" in item.fixturenames and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(PATIENCE))


@pytest.fixture(scope="session")
def seed():
    """Which samples are drawn."""
    return SEED


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


@pytest.fixture
def component(report):
    """Return a function from a snippet's name and some of its sections to what these define."""

    def load(name, *sections, **given):
        import torch  # most tests do without

        snippet, names = report.verdicts[name].snippet, {"torch": torch, **given}
        for section in sections:
            code, file = snippet.code(*snippet.span(section)), f"{name}:{section}"
            linecache.cache[file] = (len(code), None, code.splitlines(True), file)
            exec(compile(code, file, "exec"), names)
        return names

    return load


@pytest.fixture(autouse=True)
def in_repository(monkeypatch):
    """Tests may name files relative to the repository."""
    monkeypatch.chdir(ROOT)


@pytest.fixture(scope="session")
def browser():
    """Chromium. Where there is none, these tests are skipped; in CI they fail."""
    path = shutil.which("chromium") or shutil.which("google-chrome")
    if not path and not os.environ.get("CI"):
        pytest.skip("no Chromium here: install it to run the browser tests")
    assert path, "CI installs chromium"
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=SURELY)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()
