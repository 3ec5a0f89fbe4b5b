"""The table of operators, from ``data.json``, and an entry in the search for each row."""

import re
from collections import Counter
from collections.abc import Iterator
from html import escape
from pathlib import Path

from measured import kit

FILE = Path(__file__).with_name("data.json")
NOTES = Path(__file__).with_name("notes.json")
#: Route -> its column.
ROUTES = {
    "double backward": "double backward",
    "grad(grad)": "grad of grad",
    "forward over reverse": "forward over reverse",
    "reverse over forward": "reverse over forward",
    "forward over forward": "forward over forward",
    "third": "third derivative",
}
#: Status -> what a reader sees, and how the summary counts it; best first.
STATUSES = {
    "works twice": ("works twice", "work"),
    "second derivative zero": ("zero: the second derivative is zero", "work and give zero"),
    "works in part": ("works in part", "work for a part of their arguments"),
    "first derivative only": ("raises: first derivative only", "raise"),
    "wrong or doubtful": ("wrong or doubtful", "are wrong or doubtful"),
    "not differentiable": ("not differentiable", ""),
    "not measured": ("not measured", ""),
}


def summary(_) -> str:
    """One sentence with the counts, and the stamp."""
    data = kit.load(FILE)
    counts = Counter(record["status"] for record in data["operators"])
    told = [(counts[status], words) for status, (_, words) in STATUSES.items() if words]
    parts = ", ".join(f"{count} {words}" for count, words in told)
    where = "PyTorch {torch}, Python {Python}, {platform}, on the {device}"
    return (
        f"{sum(count for count, _ in told)} differentiable operations: {parts}. Measured "
        f"with {where.format_map(data['environment'])}."
    )


def table(_) -> str:
    """The table, complete without any script."""
    notes = kit.load(NOTES)
    names = ("Operation", "Twice", "Samples", *ROUTES.values())
    head = "".join(f"<th scope=col>{name}</th>" for name in names)
    rows = "".join(_row(name, one, notes.get(one["key"])) for name, one in _anchored())
    return (
        '<div class="operators" markdown="0" data-search-exclude>'
        '<table id="operators" class="operations">'
        "<caption>Each operation of PyTorch's own database, and what people call</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def entries(url: str) -> Iterator[dict]:
    """Yield an entry of the search's index for each row that says something, on the page there."""
    for name, record in _anchored():
        if record["status"] not in ("not measured", "not differentiable"):
            yield {
                "location": f"{url}#{name}",
                "title": f"{record['key']}: {STATUSES[record['status']][0]}",
                "row": True,
                "text": " ".join(error.partition(": ")[2] for error in record.get("errors", ())),
            }


def _anchored():
    """Yield (anchor, record); of two records that would share an anchor, one gets another."""
    seen = set()
    for record in kit.load(FILE)["operators"]:
        name = "op-" + re.sub(r"\W+", "-", record["key"]).strip("-").lower()
        while name in seen:
            name += "-2"
        seen.add(name)
        yield name, record


def _row(name, record, note):
    said = [f"<code>{escape(e.partition(': ')[2])}</code>" for e in record.get("errors", ())]
    said += [text for text in (note, escape(record.get("why", ""))) if text]
    details = "".join(f"<p>{text}</p>" for text in said)
    routes = record.get("routes", {})
    cells = [
        STATUSES[record["status"]][0] + details,
        f"{record.get('passed', 0)} of {record.get('judged', 0)}",
        *(_answer(routes.get(route, "")) for route in ROUTES),
    ]
    return (
        f'<tr id="{name}" class="{record["status"].replace(" ", "-")}">'
        f'<th scope=row><a href="#{name}"><code>{escape(record["key"])}</code></a></th>'
        f"{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"
    )


def _answer(text):
    """A route's answer in a word; what it raised or gave, on hover and for screen readers."""
    word, _, rest = text.partition(":")
    if word in ("wrong", "raises"):
        return f'<span class="{word}" title="{escape(rest.strip())}">{word}</span>'
    return word if word == "right" else "&ndash;"


PIECES = {"summary": summary, "table": table}
