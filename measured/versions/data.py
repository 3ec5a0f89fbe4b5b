"""The committed file: ``versions/versions.json``."""

import json
from collections import Counter
from pathlib import Path

from measured.versions.difference import KINDS

FILE = Path(__file__).with_name("versions.json")


def record(stamp, ran, differences):
    """What one version gave: where and when, how many snippets ran, and those that differ."""
    found = sorted((d.to_json() for d in differences), key=lambda d: d["name"])
    counts = Counter(one["kind"] for one in found)
    return {
        **stamp,
        "ran": ran,
        "same": ran - len(found),
        "counts": {kind: counts[kind] for kind in KINDS if counts[kind]},
        "differs": found,
    }


def load():
    """Return the records by version, oldest first; none if there is no file."""
    if not FILE.exists():
        return {}
    return json.loads(FILE.read_text(encoding="utf-8"))


def save(records):
    """Write the records, one difference a line."""
    draft = FILE.with_suffix(".draft")
    parts = []
    for version in sorted(records, key=order):
        head = {key: value for key, value in records[version].items() if key != "differs"}
        lines = ",\n".join(json.dumps(d, ensure_ascii=False) for d in records[version]["differs"])
        listed = f"[\n{lines}\n]" if lines else "[]"
        parts.append(f'"{version}": {json.dumps(head)[:-1]}, "differs": {listed}}}')
    draft.write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8")
    draft.replace(FILE)


def order(version):
    """A version as numbers, to sort by."""
    return tuple(map(int, version.split(".")))


def changes(before, after):
    """Yield a line for each snippet that differs otherwise than it did in the same version."""
    old = {one["name"]: one for one in before.get("differs", ())}
    new = {one["name"]: one for one in after["differs"]}
    for name in sorted(old.keys() | new.keys()):
        was, now = old.get(name), new.get(name)
        if was is None or now is None or (was["kind"], was["got"]) != (now["kind"], now["got"]):
            yield f"{name}: was {_line(was)}, is {_line(now)}"


def _line(one):
    return f"{one['kind']} ({one['got'][:120]!r})" if one else "the same as here"
