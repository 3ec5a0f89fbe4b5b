"""Run snippets with another interpreter; it has torch and numpy, and nothing of this site."""

import json
import subprocess
import sys
from dataclasses import asdict, replace

from measured.kit import ROOT
from proofread.judge.verify import missing
from proofread.read.snippet import is_notebook
from proofread.run.job import Job, Outcome

#: What a snippet may import to run anywhere, beside the standard library.
PACKAGES = {"numpy", "torch"}


def portable(verifier):
    """Return {name: Snippet} of all that need nothing but torch and numpy, and no long time."""
    names = sorted(p.relative_to(verifier.folder).as_posix() for p in verifier.folder.rglob("*.py"))
    snippets = {name: verifier.load(name) for name in names}
    return {name: snippet for name, snippet in snippets.items() if _is_portable(snippet)}


def _is_portable(snippet):
    modules = {module for _, module in snippet.imports}
    only = modules <= PACKAGES | sys.stdlib_module_names
    return only and not is_notebook(snippet) and not missing(snippet)


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
