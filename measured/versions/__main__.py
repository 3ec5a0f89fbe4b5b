"""Run the snippets with other versions of PyTorch, and print what changed; takes gigabytes.

``make measure WHAT="versions [--keep | --here] [VERSION…]"`` makes a virtual environment for each
version, one after the other, and deletes it; ``--keep`` keeps it in ``.cache/versions``. Writes
``data.json`` after each version. Interrupted, it goes on from where it was. ``--here`` writes
nothing: it says what differs with the PyTorch that runs this.
"""

import argparse
import os
import sys
from collections import Counter
from dataclasses import asdict

from measured import kit
from measured.versions.difference import KINDS, difference
from measured.versions.page import FILE, load, order
from measured.versions.run import interpreter, portable, run, stated_truths
from proofread.judge.verify import Verifier
from proofread.run.cache import torch_build

#: What is run without a name: the last of 1, the first of 2, and newer ones up to the newest.
VERSIONS = ("1.13.1", "2.0.1", "2.6.0", "2.9.1", "2.13.0", "2.14.1", "2.15.0")
#: How a snippet is said to differ that does not, and what is known of a new version.
SAME, NOTHING = "the same as here", {"differs": []}


def main(arguments: list[str]) -> bool:
    """Measure what is named; tell whether something went wrong, or, ``--here``, differs."""
    parser = argparse.ArgumentParser("measured.versions", description=__doc__.splitlines()[0])
    parser.add_argument("versions", nargs="*", metavar="VERSION")
    parser.add_argument("--keep", action="store_true", help="keep the environments")
    parser.add_argument("--here", action="store_true", help="say what differs; write nothing")
    chosen = parser.parse_args(arguments)
    os.chdir(kit.ROOT)
    snippets = portable(Verifier(kit.ROOT / "snippets", kit.ROOT, kit.ROOT / ".cache/proofread"))
    if chosen.here:
        found = [one for _, one in measure(sys.executable, snippets.values(), snippets) if one]
        print("\n".join(report(found)))
        return bool(found)
    failed = False
    for version in chosen.versions or VERSIONS:
        try:
            with interpreter(version, chosen.keep) as python:
                take(version, python, snippets)
        except RuntimeError as error:
            print(f"{version}: skipped: {error}", flush=True)
            failed = True
    return failed


def take(version: str, python: str, snippets: dict) -> None:
    """Measure a version, say what changed, and put it into the committed file."""
    # By its text as well: a snippet that changed since an interruption runs again.
    known, stamps = {f"{s.name} {s.digest}": s for s in snippets.values()}, []

    def measured(left):
        for snippet, one in measure(python, [known[n] for n in left], snippets, stamps.append):
            yield f"{snippet.name} {snippet.digest}", one

    found = kit.resume(f"versions-{version}", {"torch": version}, known, measured)
    records, after = load(), record(stamps[0], len(found), [one for one in found.values() if one])
    for line in kit.changes(results(records.get(version, NOTHING)), results(after), SAME):
        print(f"  {line}")
    records[version] = after
    kit.save(FILE, {name: records[name] for name in sorted(records, key=order)}, depth=3)
    counts = ", ".join(f"{count} {kind}" for kind, count in after["counts"].items())
    print(f"{version}: {after['same']} of {after['ran']} the same{counts and ': ' + counts}")


def measure(python, chosen, snippets, begun=lambda stamp: None):
    """Yield (snippet, what differs or None) of the chosen ones; call ``begun`` with the stamp."""
    truths = stated_truths(snippets)
    for snippet, outcome in run(python, chosen, begun):
        one = difference(snippet, outcome, truths.get(snippet.name, ()))
        yield snippet, one and asdict(one)


def record(stamp: dict, ran: int, differs: list[dict]) -> dict:
    """Return what one version gave: where and when, how many ran, and those that differ."""
    counts = Counter(one["kind"] for one in differs)
    return {
        **stamp,
        "ran": ran,
        "same": ran - len(differs),
        "counts": {kind: counts[kind] for kind in KINDS if counts[kind]},
        "differs": sorted(differs, key=lambda one: one["name"]),
    }


def results(record: dict) -> dict[str, str]:
    """Return what two runs of a version are compared by: {what: result}."""
    return {f"{one['name']}:": f"{one['kind']} ({one['got'][:120]!r})" for one in record["differs"]}


def report(found: list[dict]):
    """Yield lines that say what differs, the gravest first."""
    yield f"PyTorch {torch_build()[0]}: {len(found)} snippets differ"
    for one in sorted(found, key=lambda one: (list(KINDS).index(one["kind"]), one["name"])):
        yield f"snippets/{one['name']}:{one['line']}: {KINDS[one['kind']].says}"
        yield f"  stated: {one['stated']}"
        yield f"  got:    {one['got']}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
