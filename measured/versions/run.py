"""Run snippets with another PyTorch, whose interpreter has what they import and no more."""

import json
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path

from measured.kit import ROOT, venv
from proofread.judge.verify import missing
from proofread.read.snippet import is_notebook
from proofread.run.cache import torch_build
from proofread.run.job import Job, Outcome

#: What a snippet may import to run anywhere, beside the standard library and the components that
#: its header names, and where that comes from.
PACKAGES = {
    "torch": "torch",
    "numpy": "numpy",
    "matplotlib": "matplotlib",
    "scipy": "scipy",
    "sklearn": "scikit-learn",
}
FOLDER = ROOT / ".cache/versions"
#: Up to this release PyTorch was built against NumPy 1.
NUMPY_1 = (2, 2)


@contextmanager
def interpreter(version: str, keep: bool = False):
    """Give the path of an interpreter with this PyTorch; delete what was made for it, or keep it.

    Raises RuntimeError if it cannot be installed.
    """
    if torch_build()[0].partition("+")[0] == version:
        yield sys.executable
        return
    index = os.environ.get("TORCH_INDEX")
    where = ["--extra-index-url", index] if index else []
    try:
        # No cache: several gigabytes each, and needed once.
        install = ["--no-cache-dir", *where, *requirements(version)]
        yield str(venv(FOLDER / version, install))
    finally:
        if not keep:
            shutil.rmtree(FOLDER / version, ignore_errors=True)


def requirements(version: str) -> list[str]:
    """What is installed for a version: nothing of this site."""
    old = tuple(map(int, version.split(".")[:2])) <= NUMPY_1
    bounds = {"torch": f"=={version}", "numpy": "<2" if old else ""}
    return [package + bounds.get(package, "") for package in PACKAGES.values()]


def portable(verifier):
    """Return {name: Snippet} of all that need no more than these packages, and no long time."""
    found = {}
    for path in sorted(verifier.folder.rglob("*.py")):
        snippet = verifier.load(path.relative_to(verifier.folder).as_posix())
        modules = {module for _, module in snippet.imports}
        components = {Path(file).stem for file in snippet.beside}
        alone = modules <= PACKAGES.keys() | components | sys.stdlib_module_names
        if alone and not is_notebook(snippet) and not missing(snippet):
            found[snippet.name] = snippet
    return found


def stated_truths(snippets):
    """Return {name of a right snippet: (name, truth) of each that does it wrong}."""
    truths = {}
    for snippet in snippets.values():
        if snippet.wrong and snippet.right in snippets:
            truths.setdefault(snippet.right, []).append((snippet.wrong.name, snippet.wrong.truth))
    return truths


def run(python, snippets, begun=lambda stamp: None):
    """Yield (snippet, Outcome) as each ends, in any order; first call ``begun`` with the stamp.

    Raises RuntimeError if the interpreter cannot do it.
    """
    known = {snippet.name: snippet for snippet in snippets}
    # A PyTorch for CUDA maps more memory than the limit.
    jobs = [asdict(replace(Job.of(snippet), memory=None)) for snippet in known.values()]
    command = [python, "-m", "measured.versions.inside"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "encoding": "utf-8"}
    with subprocess.Popen(command, cwd=ROOT, **pipes) as process:
        try:
            process.stdin.write(json.dumps(jobs))
            process.stdin.close()
            begun(json.loads(process.stdout.readline() or "null"))
            for line in process.stdout:
                name, outcome = json.loads(line)
                yield known.pop(name), Outcome.from_json(outcome)
        except BaseException:
            process.kill()
            raise
    if known or process.returncode:
        raise RuntimeError(f"{python} ended with code {process.returncode}, {len(known)} to go")
