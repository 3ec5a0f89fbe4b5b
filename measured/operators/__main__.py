"""Measure all operators: ``python -m measured.operators [NAME… | --new]``.

Writes ``operators/cpu.json`` at the end, and what changed against the file that was there, by
name. Interrupted, it goes on from where it was. With names it measures these, and writes nothing;
with ``--new`` it measures what the file does not have, and adds that.
"""

import json
import sys
from pathlib import Path

from measured.operators.data import FILE, changes, environment, key, load, save
from measured.operators.entries import entries
from measured.operators.run import run

PARTIAL = Path(".cache/operators.jsonl")


def main(names):
    pairs = [(entry.kind, entry.key) for entry in entries()]
    if names == ["--new"]:
        return _add(pairs)
    if names:
        pairs = [pair for pair in pairs if any(name in pair[1] for name in names)]
        if not pairs:
            sys.exit(f"no operator is called {' or '.join(names)}")
    records = {} if names else _resume(pairs)
    left = [pair for pair in pairs if pair not in records]
    PARTIAL.parent.mkdir(exist_ok=True)
    with PARTIAL.open("a", encoding="utf-8") as partial:

        def done(pair, record):
            records[pair] = record
            if not names:
                partial.write(json.dumps([pair, record]) + "\n")
                partial.flush()
            _progress(len(records), len(pairs), pair[1])

        run(left, done)
    before = load()
    after = {"environment": environment(), "operators": [records[pair] for pair in pairs]}
    for line in changes(before, after, whole=not names):
        print(line)
    if names:
        return 0
    save(after)
    PARTIAL.unlink()
    print(f"wrote {FILE}: {len(pairs)} operators")
    return 0


def _add(pairs):
    """Measure what the committed file does not have, and add it there."""
    data = load()
    records = {key(record): record for record in data["operators"]}
    run([pair for pair in pairs if pair not in records], records.__setitem__)
    after = {**data, "operators": [records[pair] for pair in pairs]}
    for line in changes(data, after):
        print(line)
    save(after)
    return 0


def _resume(pairs):
    """What an interrupted run of the same PyTorch has measured."""
    records = {}
    stamp = json.dumps(environment(), sort_keys=True)
    if PARTIAL.exists():
        lines = PARTIAL.read_text(encoding="utf-8").splitlines()
        if lines and lines[0] == stamp:
            for line in lines[1:]:
                try:
                    pair, record = json.loads(line)
                except ValueError:
                    continue
                records[tuple(pair)] = record
        else:
            PARTIAL.unlink()
    if not PARTIAL.exists():
        PARTIAL.parent.mkdir(exist_ok=True)
        PARTIAL.write_text(stamp + "\n", encoding="utf-8")
    wanted = set(pairs)
    return {pair: record for pair, record in records.items() if pair in wanted}


def _progress(count, total, key):
    if sys.stderr.isatty():
        end = "\n" if count == total else ""
        print(f"\r{count} of {total}: {key:60.60}", end=end, file=sys.stderr, flush=True)
    elif count % 100 == 0 or count == total:
        print(f"{count} of {total}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
