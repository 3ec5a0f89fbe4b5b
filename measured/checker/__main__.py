"""Put losses, snippets of the site and public code to the tool, and take its time.

``make measure WHAT=checker`` takes half an hour of one core, writes ``data.json`` and prints what
changed. An interrupted run goes on where it was, unless the tool is another one.
"""

import hashlib
from collections import Counter

import torch

from measured import kit
from measured.checker import cost, matrix
from measured.checker.losses import LOSSES
from measured.checker.page import FILE
from measured.checker.public import PUBLIC, said_of
from measured.checker.snippets import pairs, record
from measured.checker.tool import FILE as TOOL


def main() -> None:
    """Measure all, say what changed, and write."""
    torch.set_num_threads(1)
    before, environment = kit.load(FILE), kit.stamp(day=kit.today())
    tool = hashlib.sha256(TOOL.read_bytes()).hexdigest()
    wanted = [f"{seed} {name}" for seed in matrix.SEEDS for name in LOSSES]
    tried = kit.resume("checker", {"tool": tool}, wanted, measure)
    after = {
        "environment": environment,
        "matrix": counted(tried),
        "pairs": [record(*pair) for pair in pairs()],
        "public": [said_of(name) for name in PUBLIC],
        "cost": cost.rows(),
    }
    for line in kit.changes(results(before), results(after)):
        print(line)
    kit.save(FILE, after)


def measure(left):
    """Yield (seed and loss, verdicts)."""
    for what in left:
        seed, name = what.split()
        yield what, matrix.verdicts(name, int(seed))


def counted(tried: dict[str, dict]) -> list[dict]:
    """For each loss and break, how many seeds were tried, and how many got the right verdict."""
    seeds, good = Counter(), Counter()
    for what, found in tried.items():
        for kind, said in found.items():
            key = (what.split()[1], kind)
            seeds[key] += 1
            good[key] += said in (matrix.RIGHT, matrix.FOUND)
    return [
        {"loss": name, "kind": kind, "tried": seeds[name, kind], "good": good[name, kind]}
        for name, kind in seeds
    ]


def results(data: dict) -> dict[str, str]:
    """What two measurements are compared by: {what: result}."""
    found = {
        f"{m['loss']}, {m['kind']}": f"{m['good']}/{m['tried']}" for m in data.get("matrix", ())
    }
    for one in data.get("pairs", ()):
        found |= {one["wrong"]: one["on wrong"], one["right"]: one["on right"]}
    return found | {one["source"]: one["said"] for one in data.get("public", ())}


if __name__ == "__main__":
    main()
