"""Put every silently wrong snippet, and the one that does it right, to the checker.

``make measure WHAT=checker`` takes seconds, writes ``data.json`` and prints what changed.
"""

import functools
import re

import torch

from measured import kit
from measured.checker.adapters import ADAPTERS, EXEMPT, STEPS
from measured.checker.claims import named
from measured.checker.page import FILE

SNIPPETS = kit.ROOT / "snippets"


def main() -> None:
    """Measure all pairs, say what changed, and write."""
    before, after = kit.load(FILE).get("pairs", ()), [record(*pair) for pair in pairs()]
    for line in kit.changes(results(before), results(after)):
        print(line)
    kit.save(FILE, {"environment": kit.stamp(), "pairs": after})


def results(records: list[dict]) -> dict[str, str]:
    """Return what two measurements are compared by: {what: result}."""
    found = {one["wrong"]: one["on wrong"] for one in records}
    return found | {one["right"]: one["on right"] for one in records}


def record(wrong: str, right: str) -> dict:
    """Return what the checker says of a pair, and how it was tried."""
    exempt = wrong in EXEMPT
    on_wrong, on_right = ("not tried",) * 2 if exempt else verdicts(wrong, right)
    found = {"wrong": wrong, "on wrong": on_wrong, "right": right, "on right": on_right}
    return {**found, "tried": how(wrong)}


def how(wrong: str) -> str:
    """How the pair was tried, or why not."""
    if wrong in EXEMPT:
        return f"exempt: {EXEMPT[wrong]}"
    name = ADAPTERS[wrong].how if wrong in ADAPTERS else "as it is"
    return f"{name}, `step={STEPS[wrong]}`" if wrong in STEPS else name


def pairs() -> list[tuple[str, str]]:
    """List (wrong, right) of all silently wrong snippets."""
    found = []
    for path in sorted(SNIPPETS.rglob("*.py")):
        header = re.match(r"# wrong: .*\n# right: (.*)\n", path.read_text(encoding="utf-8"))
        if header:
            found.append((path.relative_to(SNIPPETS).as_posix(), header[1].strip()))
    return found


@functools.cache
def verdicts(wrong: str, right: str) -> tuple[str, str]:
    """The checker's first words on the wrong snippet and on the right one. Raises LookupError."""
    return first_words(wrong, wrong, right), first_words(right, wrong, right)


def first_words(name: str, wrong: str, right: str) -> str:
    """The checker's first words on one snippet of a pair. Raises LookupError if it needs help."""
    loss_fn, params = ADAPTERS.get(wrong, named())(name, right)
    torch.manual_seed(0)
    said = checker()(loss_fn, params, step=STEPS.get(wrong, 1e-5))
    return re.split(r"[:(]", said)[0].strip()


@functools.cache
def checker():
    """The checker as a reader copies it."""
    text = (SNIPPETS / "guides/checker/checker.py").read_text(encoding="utf-8")
    namespace = {}
    exec(text.partition("# --8<-- [end:checker]")[0], namespace)
    return namespace["check"]


if __name__ == "__main__":
    main()
