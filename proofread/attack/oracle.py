"""A mutant and its verdict -> the test that catches it. Runs pytest in a copy of the repository."""

import contextlib
import hashlib
import io
import os
import re
import shutil
import signal
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import cache
from multiprocessing import get_context
from pathlib import Path

TESTS = "tests/snippets"
#: What the tests of a copy read, beside the settings at the top.
COPIED = ("docs", "snippets", "tests")
#: A test that takes longer with a mutant in place does not end.
SECONDS = 60
#: How a file of tests asks for a snippet by name; others are no oracles.
ASKS = re.compile(r"(?<!\.)\bvalues\(|\bverdicts\[f?\"")
#: How it asks for all of them.
ASKS_ALL = re.compile(r"\bverdict\.values\b(?!\()")


def oracles(root):
    """Return {path relative to the project: text} of the files of oracle tests."""
    files = sorted((root / TESTS).glob("test_*.py"))
    texts = {f"{TESTS}/{path.name}": path.read_text("utf-8") for path in files}
    return {p: t for p, t in texts.items() if ASKS.search(t) or ASKS_ALL.search(t)}


class Oracles:
    """Runs the tests that know a snippet, with a mutant in its place. Close it when done."""

    def __init__(self, root, report, processes):
        self.root = Path(root)
        self.texts = oracles(self.root)
        self.names = list(report.verdicts)
        self.pool = ProcessPoolExecutor(
            processes,
            mp_context=get_context("spawn"),
            initializer=_prepare,
            initargs=(self.root, report),
        )

    def close(self):
        """Stop the processes that run tests."""
        self.pool.shutdown(cancel_futures=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    @cache  # noqa: B019  it lives as long as the process
    def of_snippet(self, name):
        """The files of tests that name the folder of a snippet, or ask for all snippets."""
        known = _subject(name)
        asks = (p for p, t in self.texts.items() if known.search(t) or ASKS_ALL.search(t))
        return tuple(asks)

    @cache  # noqa: B019
    def digest(self, tests):
        """Return a digest of these tests, of what they import, and of the snippets they name."""
        names = [n for n in self.names if any(_subject(n).search(self.texts[t]) for t in tests)]
        helpers = [p for p in (self.root / TESTS).glob("*.py") if not p.name.startswith("test_")]
        files = [*(self.root / "snippets" / n for n in names), *(self.root / t for t in tests)]
        digest = hashlib.sha256()
        for path in sorted([*files, *helpers, self.root / "tests/conftest.py"]):
            digest.update(path.read_bytes())
        return digest.hexdigest()

    def submit(self, mutant, verdict, tests):
        """Return a future of the test that fails with the mutant in place, or ""."""
        return self.pool.submit(_caught_by, mutant.path, mutant.text, verdict, tests)


def _subject(name):
    """The word by which tests know a snippet: its folder, or its file in one of many."""
    *_, folder, file = name.split("/")
    known = file.removesuffix(".py") if folder == "recipes" else folder
    return re.compile(rf"\b{re.escape(known)}\b")


def _prepare(root, report):
    """Copy the repository for this process; compute nothing that a test does not."""
    global _copy, _report, _folder
    _folder = tempfile.TemporaryDirectory("-proofread", ignore_cleanup_errors=True)
    _copy, _report = Path(_folder.name), report
    sys.dont_write_bytecode = True
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    for name in COPIED:
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(root / name, _copy / name, ignore=ignored)
    shutil.copy(root / "pyproject.toml", _copy)


def _caught_by(path, text, verdict, tests):
    """Run tests in the copy, with this file and this verdict, up to the first that fails."""
    file = _copy / path
    before = file.read_text(encoding="utf-8")
    try:
        file.write_text(text, encoding="utf-8")
        return _first_failure([str(_copy / test) for test in tests], _with(verdict))
    finally:
        file.write_text(before, encoding="utf-8")


def _with(verdict):
    if verdict is None:
        return _report
    return replace(_report, verdicts={**_report.verdicts, verdict.name: verdict})


def _first_failure(tests, report):
    import pytest

    witness = _Witness(report)
    options = ["-x", "-q", "--rootdir", str(_copy), "-c", str(_copy / "pyproject.toml")]
    # The second of these plugins collects garbage, which takes longer than most tests.
    options += ["-p", "no:cacheprovider", "-p", "no:unraisableexception", "-W", "ignore"]
    modules = set(sys.modules)
    with _limited(), _silent():
        status = pytest.main([*options, *tests], plugins=[witness])
    # What the tests keep between calls belongs to this mutant.
    for name in set(sys.modules) - modules:
        if str(getattr(sys.modules[name], "__file__", "")).startswith(str(_copy)):
            del sys.modules[name]
    return witness.failed or ("" if status in (0, 5) else "pytest")


@contextlib.contextmanager
def _limited():
    """Interrupt what never ends, where that is possible."""
    if not hasattr(signal, "alarm"):
        yield
        return
    signal.signal(signal.SIGALRM, _interrupt)
    signal.alarm(SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)


def _interrupt(number, frame):
    raise TimeoutError


@contextlib.contextmanager
def _silent():
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        yield


class _Witness:
    """A plugin that puts a report in the place of this repository's, and notes what fails."""

    def __init__(self, report):
        self.report, self.failed = report, ""

    def pytest_configure(self, config):
        config.report = self.report

    def pytest_runtest_logreport(self, report):
        if report.failed and not self.failed:
            self.failed = report.nodeid.removeprefix(f"{TESTS}/")
