"""Mutants and their verdicts -> the oracle test that catches each of them.

Each judgment runs pytest in a process of its own, in a copy of the repository. It is forked from
a worker that has imported what the tests import, so that it takes a moment; what a test keeps,
breaks or never ends is gone with it. Where forking is not safe, it is a fresh interpreter.
"""

import ast
import contextlib
import gc
import importlib
import io
import json
import os
import shutil
import signal
import sys
import tempfile
from collections import UserDict
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import cached_property
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

from proofread.fault import FaultError
from proofread.run.cache import digest, environment, write
from proofread.run.inside.processes import end_group

#: Each file here is an oracle: it computes in another way what snippets state.
TESTS = "tests/snippets"
#: What the tests of a copy read.
COPIED = ("docs", "snippets", "tests")
#: Tests that take longer with a mutant in place do not end.
SECONDS = 60
FORK = sys.platform == "linux"


def oracles(root):
    """Return {path relative to the project: text} of the files of oracle tests."""
    files = sorted((root / TESTS).glob("test_*.py"))
    return {f"{TESTS}/{path.name}": path.read_text("utf-8") for path in files}


class Judgment(NamedTuple):
    """What a run of tests came to: JSON keeps it as a list."""

    #: The first test that failed, or how the process ended; "" if all passed.
    failed: str
    #: The snippets that the tests asked for.
    names: tuple[str, ...] = ()
    #: Whether they came to their end. Where not, a busy machine may be why, and they run again.
    ended: bool = True


class Oracles:
    """Runs the tests that ask for a snippet, with a mutant in its place. Close it when done."""

    def __init__(self, root, report, folder, processes, seconds=SECONDS):
        self.root, self.report, self.folder = Path(root), report, Path(folder)
        self.seconds = seconds
        self.texts = oracles(self.root)
        self.pool = ProcessPoolExecutor(
            processes,
            mp_context=get_context("spawn"),
            initializer=_prepare,
            initargs=(self.root, report, tuple(self.texts.values())),
        )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.pool.shutdown(cancel_futures=True)

    def caught(self, verdicts, progress=lambda done, total: None):
        """Return {mutant: the test that fails, or ""} for a dict from each mutant to its Verdict.

        The verdict of a mutant that is no snippet is None. Raises FaultError if a test fails
        without any mutant.
        """
        jobs = {}
        for mutant, verdict in verdicts.items():
            if tests := self._tests(mutant, verdict):
                jobs[mutant] = (self._key(mutant, tests), mutant.path, mutant.text, verdict, tests)
        found = self._judge(jobs, progress)
        return {mutant: found[mutant].failed if mutant in found else "" for mutant in verdicts}

    @cached_property
    def asked(self):
        """The names of the snippets that each file of tests asks for, without any mutant."""
        names = list(self.report.verdicts)
        found = self._judge(
            {path: ([text, names], path, text, None, (path,)) for path, text in self.texts.items()}
        )
        for path, judgment in found.items():
            if judgment.failed:
                raise FaultError(path, 1, f"fails without any mutant: {judgment.failed}")
        return {path: judgment.names for path, judgment in found.items()}

    def _tests(self, mutant, verdict):
        if verdict is None:
            return (mutant.path,) if mutant.path in self.texts else ()
        return tuple(path for path, names in self.asked.items() if verdict.name in names)

    def _key(self, mutant, tests):
        """What a judgment depends on: the mutant, the tests, and the snippets that they name."""
        names = sorted({name for test in tests for name in self.asked[test]})
        read = [self.report.verdicts[name].snippet for name in names]
        texts = [self.texts[test] for test in tests]
        return [mutant.path, mutant.text, *(snippet.digest for snippet in read), *texts]

    def _judge(self, jobs, progress=lambda done, total: None):
        """Return {job: Judgment}; what was judged before is remembered."""
        found, waiting = {}, []
        for name, (key, *arguments) in jobs.items():
            conftest = (self.root / "tests/conftest.py").read_text("utf-8")
            file = self.folder / f"{digest([*key, conftest, environment()])[:24]}.json"
            try:
                found[name] = Judgment(*json.loads(file.read_text(encoding="utf-8")))
            except (OSError, ValueError, TypeError):
                waiting.append((name, file, self.pool.submit(_judged, *arguments, self.seconds)))
        for done, (name, file, future) in enumerate(waiting, 1):
            found[name] = future.result()
            if found[name].ended:
                write(file, json.dumps(found[name]))
            progress(done, len(waiting))
        return found


# --- in a worker, and in the process of one judgment ---


def _prepare(root, report, texts):
    """Copy the repository for this worker, and import what its tests import."""
    global _copy, _report, _folder
    _folder = tempfile.TemporaryDirectory("-proofread", ignore_cleanup_errors=True)
    _copy, _report = Path(_folder.name), report
    sys.dont_write_bytecode = True
    # As many workers as cores; and a pool of threads would not survive the fork.
    os.environ |= {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "OMP_NUM_THREADS": "1"}
    for name in COPIED:
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(root / name, _copy / name, ignore=ignored)
    (_copy / "pytest.ini").touch()
    if FORK:
        for name in sorted(set().union(*map(imported, texts))):
            with contextlib.suppress(ImportError):
                importlib.import_module(name)
        with _silent():
            _pytest(_copy, "--version")  # imports its own parts
        gc.collect()
        gc.freeze()


def imported(text):
    """Return the names of the modules that a text imports, wherever it does."""
    nodes = list(ast.walk(ast.parse(text)))
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return names | {n.module for n in nodes if isinstance(n, ast.ImportFrom) and not n.level}


def _judged(path, text, verdict, tests, seconds):
    """Run tests in the copy, with this file and this verdict; return a Judgment."""
    file = _copy / path
    before = file.read_text(encoding="utf-8")
    verdicts = _Verdicts(_report.verdicts | ({verdict.name: verdict} if verdict else {}))
    try:
        file.write_text(text, encoding="utf-8")
        return _in_a_process(replace(_report, verdicts=verdicts), tests, seconds)
    finally:
        file.write_text(before, encoding="utf-8")


def _in_a_process(report, tests, seconds):
    context = get_context("fork" if FORK else "spawn")
    answer, said = context.Pipe(duplex=False)
    process = context.Process(target=_run, args=(_copy, report, tests, said))
    process.start()
    said.close()
    try:
        if answer.poll(seconds):
            return answer.recv()
        return Judgment(f"no end in {seconds} s", ended=False)
    except EOFError:
        return Judgment("a crash", ended=False)
    finally:
        answer.close()
        end_group(process.pid)  # what it started, too
        process.join()


def _run(copy, report, tests, said):
    """Run tests up to the first that fails, and say what came of it."""
    if FORK:
        os.setsid()
        signal.alarm(2 * SECONDS)  # should nobody be left to end it
    asks = _Asks(report)
    with _silent():
        status = _pytest(copy, *(str(copy / test) for test in tests), plugins=[asks])
    failed = asks.failed or ("" if status in (0, 5) else "pytest")
    said.send(Judgment(failed, tuple(sorted(report.verdicts.names))))


def _pytest(copy, *arguments, plugins=()):
    import pytest

    options = ["-x", "-q", "--rootdir", str(copy), "-c", str(copy / "pytest.ini")]
    options += ["--import-mode=importlib", "-p", "no:cacheprovider", "-W", "ignore"]
    # It collects garbage, which takes longer than most tests.
    options += ["-p", "no:unraisableexception"]
    return pytest.main([*options, *arguments], plugins=list(plugins))


@contextlib.contextmanager
def _silent():
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        yield


class _Verdicts(UserDict):
    """Verdicts by the names of snippets, which note what is asked for."""

    def __init__(self, verdicts):
        super().__init__(verdicts)
        self.names = set()

    def __getitem__(self, name):
        verdict = super().__getitem__(name)
        self.names.add(name)
        return verdict

    def __iter__(self):
        self.names.update(self.data)
        return super().__iter__()


class _Asks:
    """A plugin that puts a report in the place of this repository's, and notes what fails."""

    def __init__(self, report):
        self.report, self.failed = report, ""

    def pytest_configure(self, config):
        config.report = self.report

    def pytest_runtest_logreport(self, report):
        if report.failed and not self.failed:
            self.failed = report.nodeid.removeprefix(f"{TESTS}/")
