"""Differentiate twice through libraries, each in an environment of its own; print what changed.

``make measure WHAT=libraries`` measures those whose program or installation is another than that
of their record, and so goes on where it was. With names it measures these again;
``--keep`` leaves their environments in ``.cache/libraries``.
"""

import sys

from measured import kit
from measured.libraries.page import FILE, verdict
from measured.libraries.run import key, libraries, measure


def main(words: list[str]) -> None:
    """Measure these libraries, or those without a current record; write each at once."""
    names = [word for word in words if not word.startswith("-")]
    known = libraries()
    if unknown := [name for name in names if name not in known]:
        sys.exit(f"no library is called {' or '.join(unknown)}: see measured/libraries/")
    for name in names or stale(known):
        print(f"{name} …", flush=True)
        record = measure(name, known[name]["install"], keep="--keep" in words)
        data = kit.load(FILE)
        before = {name: results(data[name])} if name in data else {}
        for line in kit.changes(before.get(name, {}), results(record)):
            print(f"{name}: {line}")
        data[name] = record
        kit.save(FILE, {name: data[name] for name in known if name in data})


def stale(known: dict) -> list[str]:
    """Return the libraries without a record of what would be run today."""
    data = kit.load(FILE)
    return [
        name
        for name, library in known.items()
        if name not in data or data[name]["key"] != key(name, library["install"])
    ]


def results(record: dict) -> dict[str, object]:
    """Return what two measurements are compared by: {what: result}."""
    if "failed" in record:
        return {"run": record["failed"]}
    return {"version": record["version"]} | {c["call"]: verdict(c) for c in record["calls"]}


if __name__ == "__main__":
    main(sys.argv[1:])
