"""Measure which operators of PyTorch can be differentiated twice, and print what changed.

``make measure WHAT="operators [NAME… | --new]"`` takes minutes, writes ``data.json`` and goes on
from where it was, if it was interrupted. With names it measures these, and writes nothing; with
``--new`` it measures what the file does not have, and adds that.
"""

import sys

from measured import kit
from measured.operators.record import FILE, load, results
from measured.operators.run import known, run


def main(words: list[str]) -> None:
    """Measure, say what changed, and write."""
    new, environment, before = words == ["--new"], kit.stamp(device="CPU"), load()
    if new:
        wanted = [name for name in known() if name not in before]
    else:
        wanted = [n for n in known() if not words or any(w in known()[n].key for w in words)]
        if not wanted:
            sys.exit(f"no operator is called {' or '.join(words)}")
    if words:
        after = dict(run(wanted))
        before = {name: before[name] for name in wanted if name in before}
    else:
        after = kit.resume("operators", environment, wanted, run)
    for line in kit.changes(results(before), results(after)):
        print(line)
    if new:
        after, environment = {**load(), **after}, kit.load(FILE)["environment"]
    if new or not words:
        records = [after[name] for name in known()]
        kit.save(FILE, {"environment": environment, "operators": records})


if __name__ == "__main__":
    main(sys.argv[1:])
