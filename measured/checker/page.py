"""What the tool was tried on: losses and their breaks, the site's snippets, public code, times."""

import posixpath
from collections import defaultdict
from pathlib import Path

from measured import kit
from proofread.show.kinds import Include

FILE = Path(__file__).with_name("data.json")
#: What a break is called on the page, where its own name says too little.
BREAKS = {
    "no flag": "`create_graph` left out",
    "requires_grad_": "left out, and `requires_grad_()` painted on",
    "half": "one of two halves detached",
    "item": "`penalty.item()`",
    "float": "`float(penalty)`",
    "no_grad on the penalty": "the penalty under `no_grad`",
    "numpy": "NumPy and back",
    "tolist": "a list and back",
    "hidden": "a custom function with a wrong backward",
}


class Data:
    """The measurement: ``environment``, ``matrix``, ``pairs``, ``public`` and ``cost``."""

    def __init__(self):
        self.__dict__ |= kit.load(FILE)

    def right(self, is_right: bool) -> list[dict]:
        """The part of the matrix of losses that are right, or of those that are broken."""
        return [one for one in self.matrix if (one["kind"] == "right") == is_right]


def stamp(seen) -> str:
    """With what it was measured."""
    known = Data().environment
    return f"PyTorch {known['torch']}, {known['platform']}, {known['day']}"


def count(seen, what) -> str:
    """A number of the measurement, by its name. Raises LookupError."""
    data = Data()
    wrong, right = data.right(False), data.right(True)
    snippets = [one for one in data.pairs if one["on wrong"] != "not tried"]
    lost = [one for one in snippets if one["on wrong"] in ("right", "unsure")]
    numbers = {
        "losses": len(right),
        "breaks": len({one["kind"] for one in wrong}),
        "seeds": max(one["tried"] for one in data.matrix),
        "checks-right": sum(one["tried"] for one in right),
        "false-alarms": sum(one["tried"] - one["good"] for one in right),
        "checks-broken": sum(one["tried"] for one in wrong),
        "missed": sum(one["tried"] - one["good"] for one in wrong),
        "snippets": len(snippets),
        "snippets-found": len(snippets) - len(lost),
        "snippets-not-tried": len(data.pairs) - len(snippets),
        "snippets-alarms": sum(one["on right"] != "right" for one in snippets),
        "public": len(data.public),
        "public-sources": len({one["source"].partition(" ")[0] for one in data.public}),
        "public-wrong": sum(one["said"] == "WRONG" for one in data.public),
    }
    if what not in numbers:
        raise LookupError(f"no number '{what}' (has: {', '.join(numbers)})")
    return f"{numbers[what]:,}"


def breaks(seen) -> str:
    """Each kind of break: how many losses it applies to, how often it was tried and found."""
    rows = []
    for kind in dict.fromkeys(one["kind"] for one in Data().right(False)):
        own = [one for one in Data().right(False) if one["kind"] == kind]
        tried, good = (sum(one[key] for one in own) for key in ("tried", "good"))
        rows.append((BREAKS.get(kind, f"`{kind}`"), len(own), f"{tried:,}", f"{good:,}"))
    return kit.table(("Break", "Losses", "Tried", "Found"), rows, numbers=True)


def losses(seen) -> str:
    """Each loss: how often it passes when it is right, and how often its breaks are found."""
    rows = []
    for right in Data().right(True):
        broken = [one for one in Data().right(False) if one["loss"] == right["loss"]]
        tried, good = (sum(one[key] for one in broken) for key in ("tried", "good"))
        passed = f"{right['good']} of {right['tried']}"
        rows.append((right["loss"].replace("_", " "), passed, len(broken), f"{good} of {tried}"))
    return kit.table(("Loss", "Right, passes", "Breaks", "Found"), rows, numbers=True)


def public(seen) -> str:
    """The verdict on each piece of public code."""
    rows = [(one["source"], one["said"], one["learned"]) for one in Data().public]
    return kit.table(("Rebuilt from", "Verdict", "What was learned"), rows)


def cost(seen, unit) -> str:
    """The time of a check in training steps, by the size of a network or of a graph."""
    rows = [
        (f"{one['size']:,}", "cut" if one["cut"] else "right", _seconds(one["step"]),
         f"{one['first']:.0f}", f"{one['both']:.0f}")
        for one in Data().cost if one["unit"] == unit
    ]  # fmt: skip
    head = (unit.capitalize(), "Penalty", "One step", "Stops alone, in steps", "Both, in steps")
    return kit.table(head, rows, numbers=True)


def _seconds(seconds: float) -> str:
    return f"{1000 * seconds:.2g} ms" if seconds < 0.1 else f"{seconds:.2g} s"


def snippets(seen) -> str:
    """The verdict on each silently wrong snippet of the site, and on the one that is right."""
    rows, shown = [], _shown(seen.report.pages)
    for one in Data().pairs:
        page = _page_of(one["wrong"], shown)
        here = posixpath.relpath(page.path, posixpath.dirname(seen.page.path))
        link = f"[{page.meta.get('title', page.path)}]({here})"
        folder = f"{posixpath.dirname(one['wrong'])}/"
        names = (one[key].removeprefix(folder).removesuffix(".py") for key in ("wrong", "right"))
        wrong, right = (name.replace("_", "_<wbr>") for name in names)  # a narrow column breaks
        rows.append((link, wrong, one["on wrong"], right, one["on right"], one["tried"]))
    return kit.table(("Page", "Wrong", "Verdict", "Right", "Verdict", "Tried"), rows)


def _shown(pages):
    """Return {snippet name: the pages that show it}."""
    shown = defaultdict(list)
    for page in pages.values():
        for one in page.of(Include):
            shown[one.name].append(page)
    return shown


def _page_of(name, shown):
    """The page that shows a snippet: the one that its folder mirrors, or the first."""
    own = f"docs/{posixpath.dirname(name).replace('_', '-')}.md"
    if not shown[name]:
        raise LookupError(f"no page shows snippets/{name}")
    return next((page for page in shown[name] if page.path == own), shown[name][0])


PIECES = {
    "stamp": stamp, "count": count, "breaks": breaks, "losses": losses, "public": public,
    "cost": cost, "snippets": snippets,
}  # fmt: skip
