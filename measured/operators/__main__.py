"""Measure which operators of PyTorch can be differentiated twice, and print what changed.

``make measure WHAT="operators [NAME…]"`` takes minutes, writes ``data.json`` and goes on from where
it was, if it was interrupted. With names it measures these, and writes nothing.
"""

import re
import sys

from measured import kit
from measured.operators.entries import known
from measured.operators.page import FILE
from measured.operators.run import run

#: What a wrong answer says.
NUMBERS = re.compile(r"(?:first )?wrong: \S+, not ")
#: What two measurements of the same PyTorch agree on.
STABLE = ("status", "samples", "judged", "passed", "pointless", "errors")


def main(words: list[str]) -> None:
    """Measure all, or what has one of these words in its name; say what changed, and write all."""
    wanted = [n for n in known() if not words or any(w in known()[n].key for w in words)]
    if not wanted:
        sys.exit(f"no operator is called {' or '.join(words)}")
    environment, before = kit.stamp(device="CPU"), load()
    after = dict(run(wanted)) if words else kit.resume("operators", environment, wanted, run)
    asked = {name: before[name] for name in wanted if name in before} if words else before
    for line in kit.changes(results(asked), results(after)):
        print(line)
    if not words:
        records = [after[name] for name in known()]
        kit.save(FILE, {"environment": environment, "operators": records})


def load() -> dict[str, dict]:
    """Return the committed records by name."""
    return {f"{one['kind']} {one['key']}": one for one in kit.load(FILE).get("operators", ())}


def results(records: dict[str, dict]) -> dict[str, object]:
    """Return what two measurements are compared by: {what: result}."""
    found = {}
    for record in records.values():
        # What people call may be called as an operator of the database is.
        name = record["key"] + " (called)" * (record["kind"] == "called")
        parts = {part: record.get(part) for part in STABLE}
        # A wrong number is another one on another machine; that it is wrong is what is known.
        said = record.get("errors", {}).items()
        parts["errors"] = {text: n for text, n in said if not NUMBERS.match(text)}
        parts |= {route: text.split(":")[0] for route, text in record.get("routes", {}).items()}
        found |= {f"{name}: {part}": result for part, result in parts.items()}
    return found


if __name__ == "__main__":
    main(sys.argv[1:])
