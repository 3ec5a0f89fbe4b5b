"""What the engine's tests share: tiny projects, made anew for each test, and one fork server."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from proofread.project import Project
from proofread.run.job import Job
from proofread.run.runner import Runner

ROOT = Path(__file__).resolve().parents[2]
MODULE = [sys.executable, "-m"]
#: What a process of ours needs to find the package from anywhere.
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "NO_MKDOCS_2_WARNING": "1"}


@pytest.fixture(autouse=True)
def in_repository(tmp_path, monkeypatch):
    """Work in a temporary folder: a tiny project, not this repository."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="session")
def runner():
    """A runner whose servers start once for all tests; PROOFREAD_NO_FORK=1 chooses the others."""
    with Runner(processes=2) as runner:
        yield runner


@pytest.fixture(scope="session")
def fresh():
    """A runner that starts an interpreter for each snippet, as where forking is not safe."""
    with Runner(processes=2, forks=False) as runner:
        yield runner


@pytest.fixture
def build(tmp_path, runner):
    """Return a function that writes files and returns the project that they make."""

    def build(files, **how):
        write(tmp_path, {**files, **default_page(files)})
        return Project(tmp_path, runner=runner, **how)

    return build


@pytest.fixture
def run_snippet(build):
    """Return a function that runs one snippet's text and returns its outcome."""

    def run_snippet(text):
        project = build({"snippets/x.py": text})
        (pair,) = project.verifier.runner.run([Job.of(project.verifier.load("x.py"))])
        return pair[1]

    return run_snippet


@pytest.fixture
def command(tmp_path):
    """Return a function that runs ``python -m WORDS`` in the tiny project."""

    def command(*words, **how):
        return subprocess.run(
            [*MODULE, *words],
            **{"cwd": tmp_path, "env": ENVIRONMENT, **how},
            capture_output=True,
            text=True,
            check=False,
        )

    return command


@pytest.fixture
def start(tmp_path):
    """Return a function that starts ``python -m WORDS``; what still runs is ended afterwards."""
    started = []

    def start(*words, **how):
        process = subprocess.Popen([*MODULE, *words], cwd=tmp_path, env=ENVIRONMENT, **how)
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


def write(folder, files):
    """Write {path: text or bytes} below a folder."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())


def default_page(files):
    """Make the page that shows each snippet, one after the other, unless a page is given."""
    if any(name.startswith("docs/") for name in files):
        return {}
    names = sorted(name.removeprefix("snippets/") for name in files if name.endswith(".py"))
    fences = [f'```python\n--8<-- "{name}"\n```\n' for name in names]
    return {"docs/index.md": "\n".join(fences)}
