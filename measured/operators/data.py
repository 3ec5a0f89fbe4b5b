"""The committed measurement: ``operators/cpu.json``."""

import json
import platform
import sys
from pathlib import Path

import torch

FILE = Path(__file__).with_name("cpu.json")
#: What two measurements of the same PyTorch agree on.
STABLE = ("status", "samples", "judged", "passed", "errors")


def environment():
    """Where a measurement is taken."""
    return {
        "torch": torch.__version__,
        "Python": sys.version.split()[0],
        "platform": f"{platform.system()} {platform.machine()}",
        "device": "CPU",
    }


def load():
    """The committed measurement, or an empty one."""
    if not FILE.exists():
        return {"environment": {}, "operators": []}
    return json.loads(FILE.read_text(encoding="utf-8"))


def save(data):
    draft = FILE.with_suffix(".draft")
    lines = ",\n".join(json.dumps(one, ensure_ascii=False) for one in data["operators"])
    head = json.dumps(data["environment"])
    draft.write_text(f'{{"environment": {head},\n"operators": [\n{lines}\n]}}\n', encoding="utf-8")
    draft.replace(FILE)


def key(record):
    """What names a record."""
    return record["kind"], record["key"]


def changes(before, after, whole=True):
    """Yield a line for each operator that differs; with ``whole``, also for those that are gone."""
    old = {key(one): one for one in before["operators"]}
    new = {key(one): one for one in after["operators"]}
    for name, record in new.items():
        if name not in old:
            yield f"new: {name[1]} ({record['status']})"
            continue
        for part in STABLE:
            if old[name].get(part) != record.get(part):
                yield f"{name[1]}: {part} was {old[name].get(part)}, is {record.get(part)}"
        for route, answer in record.get("routes", {}).items():
            was = old[name].get("routes", {}).get(route, "")
            if was.split(":")[0] != answer.split(":")[0]:
                yield f"{name[1]}: {route} was {was or 'absent'}, is {answer}"
    if whole:
        yield from (f"gone: {name[1]}" for name in old.keys() - new.keys())
