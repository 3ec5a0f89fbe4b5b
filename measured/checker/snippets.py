"""What the tool says of each silently wrong snippet of the site, and of the one that is right."""

import re

import torch

from measured import kit
from measured.checker.adapters import ADAPTERS, EXEMPT
from measured.checker.claims import named
from measured.checker.misses import MISSES
from measured.checker.tool import check

SNIPPETS = kit.ROOT / "snippets"


def pairs() -> list[tuple[str, str]]:
    """List (wrong, right) of all silently wrong snippets."""
    found = []
    for path in sorted(SNIPPETS.rglob("*.py")):
        header = re.match(r"# wrong: .*\n# right: (.*)\n", path.read_text(encoding="utf-8"))
        if header:
            found.append((path.relative_to(SNIPPETS).as_posix(), header[1].strip()))
    return found


def record(wrong: str, right: str) -> dict:
    """What the tool says of a pair, and how it was tried. Raises LookupError if it needs help."""
    found = {"wrong": wrong, "right": right}
    if wrong in EXEMPT:
        return {**found, "on wrong": "not tried", "on right": "not tried", "tried": EXEMPT[wrong]}
    said = {f"on {name}": said_of(path, wrong, right) for name, path in found.items()}
    tried = ADAPTERS[wrong].how if wrong in ADAPTERS else "as it is"
    return {**found, **said, "tried": MISSES[wrong][1] if wrong in MISSES else tried}


def said_of(name: str, wrong: str, right: str) -> str:
    """The verdict on one snippet of a pair, in a few words."""
    loss_fn, params = ADAPTERS.get(wrong, named())(name, right)
    torch.manual_seed(0)
    report = check(loss_fn, params)
    if report.ok is not False:
        return "right" if report.ok else "unsure"
    stops = [stop for stop in report.stops if stop.matters and not stop.intended]
    if stops:
        first = max(stops, key=lambda stop: (stop.effect is not None, stop.effect or 0))
        return f"line {first.place.line}: {first.kind}"
    return "differences" if any(slope.ok is False for slope in report.slopes) else "raises"
