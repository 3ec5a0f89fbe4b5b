"""Run the snippets with other versions of PyTorch.

``python -m measured.versions [--keep | --here] [VERSION…]``

Makes a virtual environment for each version, one after the other, and deletes it; ``--keep``
keeps it in ``.cache/versions``. Writes ``versions/versions.json`` after each version, and says
what changed against the file that was there. Interrupted, it goes on from where it was.
``--here`` writes nothing: it says what differs with the PyTorch that runs this.
"""

import argparse
import json
import os
import sys

from measured.versions.data import changes, load, record, save
from measured.versions.difference import KINDS, Difference, difference
from measured.versions.place import FOLDER, interpreter
from measured.versions.run import ROOT, portable, run
from proofread.judge.verify import Verifier
from proofread.run.cache import torch_build

#: What is run without a name: the last of 1, the first of 2, and newer ones up to the newest.
VERSIONS = ("1.13.1", "2.0.1", "2.6.0", "2.9.1", "2.13.0", "2.14.1", "2.15.0")


def main(arguments):
    chosen = parser().parse_args(arguments)
    os.chdir(ROOT)
    verifier = Verifier(ROOT / "snippets", ROOT, ROOT / ".cache/proofread")
    snippets = portable(verifier)
    truths = stated_truths(snippets)
    if chosen.here:
        _, found = measure(sys.executable, snippets, truths, {})
        print("\n".join(report(found)))
        return bool(found)
    failed = False
    for version in chosen.versions or VERSIONS:
        try:
            with interpreter(version, chosen.keep) as python:
                take(version, python, snippets, truths)
        except RuntimeError as error:
            print(f"{version}: skipped: {error}", flush=True)
            failed = True
    return failed


def parser():
    made = argparse.ArgumentParser(
        prog="python -m measured.versions", description=__doc__.splitlines()[0]
    )
    made.add_argument("versions", nargs="*", metavar="VERSION")
    made.add_argument("--keep", action="store_true", help="keep the environments")
    made.add_argument("--here", action="store_true", help="say what differs here; write nothing")
    return made


def stated_truths(snippets):
    """Return {name of a right snippet: (name, truth) of each that does it wrong}."""
    truths = {}
    for snippet in snippets.values():
        if snippet.wrong and snippet.right in snippets:
            truths.setdefault(snippet.right, []).append((snippet.wrong.name, snippet.wrong.truth))
    return truths


def take(version, python, snippets, truths):
    """Measure a version, and put it into the committed file."""
    partial = Partial(version)
    stamp, found = measure(python, snippets, truths, partial.known(snippets), partial)
    records = load()
    after = record(stamp, len(snippets), found)
    for line in changes(records.get(version, {}), after):
        print(f"  {line}")
    save({**records, version: after})
    partial.path.unlink()
    counts = ", ".join(f"{count} {kind}" for kind, count in after["counts"].items())
    print(f"{version}: {after['same']} of {after['ran']} the same{counts and ': ' + counts}")


def measure(python, snippets, truths, known, partial=None):
    """Run what is not known; return (stamp, [Difference])."""
    stamps, found = [], dict(known)

    def begun(stamp):
        stamps.append(stamp)

    left = [snippet for name, snippet in snippets.items() if name not in known]
    for snippet, outcome in run(python, left, begun):
        found[snippet.name] = difference(snippet, outcome, truths.get(snippet.name, ()))
        if partial:
            partial.add(snippet, found[snippet.name])
        progress(len(found), len(snippets))
    return stamps[0], [one for one in found.values() if one]


class Partial:
    """What an interrupted run of a version has found, a line for each snippet."""

    def __init__(self, version):
        self.path = FOLDER / f"{version}.jsonl"

    def known(self, snippets):
        """Return {name: Difference or None} of snippets that did not change since."""
        found = {}
        lines = self.path.read_text(encoding="utf-8").splitlines() if self.path.exists() else []
        for line in lines:
            try:
                name, digest, one = json.loads(line)
            except ValueError:
                continue  # The last line, if it was cut.
            if name in snippets and snippets[name].digest == digest:
                found[name] = Difference(**one) if one else None
        return found

    def add(self, snippet, one):
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a", encoding="utf-8") as file:
            line = [snippet.name, snippet.digest, one.to_json() if one else None]
            file.write(json.dumps(line) + "\n")


def report(found):
    """Yield lines that say what differs, the gravest first."""
    yield f"PyTorch {torch_build()[0]}: {len(found)} snippets differ"
    for kind, words in KINDS.items():
        for one in sorted((d for d in found if d.kind == kind), key=lambda d: d.name):
            yield f"snippets/{one.name}:{one.line}: {words}"
            yield f"  stated: {one.stated}"
            yield f"  got:    {one.got}"


def progress(done, total):
    if sys.stderr.isatty():
        end = "\n" if done == total else ""
        print(f"\rrunning snippets: {done} of {total}", end=end, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
