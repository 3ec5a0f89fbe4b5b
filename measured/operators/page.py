"""The table of operators, from ``data.json``, and an entry in the search for each row."""

import re
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
    "batched": "batched pass",
    "third": "third derivative",
}
#: Status -> what a reader sees; the gravest first, as the table has them.
STATUSES = {
    "silently wrong": "silently wrong",
    "first derivative wrong": "already the first derivative is another",
    "raises": "raises",
    "raises in part": "raises for a part of the arguments",
    "wrong by another route": "works with autograd.grad twice, silently wrong by another route",
    "zero": "zero: the second derivative is zero",
    "raises by another route": "works with autograd.grad twice, raises by another route",
    "unmeasured": "could not be measured",
    "no derivative": "no derivative exists at this point",
    "works": "works by every route compared",
    "not differentiable": "not differentiable",
}
ORDER = {status: number for number, status in enumerate(STATUSES)}
#: Of what a row of the search would say nothing.
SILENT = ("unmeasured", "not differentiable")


def summary(_) -> str:
    """The counts, what is silently wrong by name, and the stamp."""
    where = "PyTorch {torch}, Python {Python}, {platform}, on the {device}"
    known = {status: list(_having(status)) for status in STATUSES}
    count = {status: len(rows) for status, rows in known.items()}
    part, silent, first = (
        known[status] for status in ("raises in part", "silently wrong", "first derivative wrong")
    )
    differentiable = len(list(_anchored())) - count["not differentiable"]
    lines = [
        f"`autograd.grad` twice **raises** for {count['raises']}, and for {len(part)} more with a "
        "part of their arguments.",
        f"It is **silently wrong** for {len(silent)}: {_names(silent)}.",
        f"For {len(first)}, already the first derivative is not that of the value, on purpose or "
        f"not: {_names(first)}.",
        f"It is right for {count['wrong by another route']} that are silently wrong by another "
        f"route: {_by_route(known['wrong by another route'])}.",
        f"It gives **zero** for {count['zero']}, and is right with every route compared for "
        f"{count['works']}; for {count['raises by another route']} more, another route raises.",
        f"{count['unmeasured']} **could not be measured**, and {count['no derivative']} are points "
        "at which no derivative exists.",
    ]
    return (
        f"{differentiable} differentiable operations, measured with "
        f"{where.format_map(kit.load(FILE)['environment'])}:\n\n"
        + "\n".join(f"- {line}" for line in lines)
    )


def _having(status):
    return ((name, record) for name, record in _anchored() if record["status"] == status)


def _names(rows):
    # As HTML, for MkDocs does not look for anchors within the table.
    links = (f'<a href="#{name}"><code>{escape(one["key"])}</code></a>' for name, one in rows)
    return ", ".join(links)


def _by_route(rows):
    """How many are wrong by each route, in the order of the columns."""
    answers = [record["routes"] for _, record in rows]
    wrong = {
        column: sum(routes[route].startswith("wrong") for routes in answers)
        for route, column in ROUTES.items()
    }
    return ", ".join(f"{column} {count}" for column, count in wrong.items() if count)


def table(_) -> str:
    """The table, complete without any script; the gravest rows first."""
    notes = kit.load(NOTES)
    names = ("Operation", "Twice", "Samples", *ROUTES.values())
    head = "".join(f"<th scope=col>{name}</th>" for name in names)
    ordered = sorted(_anchored(), key=lambda row: ORDER[row[1]["status"]])
    rows = "".join(_row(name, one, notes.get(one["key"])) for name, one in ordered)
    return (
        '<div class="operators" markdown="0" data-search-exclude>'
        '<table id="operators" class="operations">'
        "<caption>Each operation of PyTorch's own database, and what people call</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def entries(url: str) -> Iterator[dict]:
    """Yield an entry of the search's index for each row that says something, on the page there."""
    for name, record in _anchored():
        if record["status"] not in SILENT:
            yield {
                "location": f"{url}#{name}",
                "title": f"{record['key']}: {STATUSES[record['status']]}",
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
        STATUSES[record["status"]] + details,
        _samples(record),
        *(_answer(routes.get(route, "")) for route in ROUTES),
    ]
    return (
        f'<tr id="{name}" class="{record["status"].replace(" ", "-")}">'
        f'<th scope=row><a href="#{name}"><code>{escape(record["key"])}</code></a></th>'
        f"{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"
    )


def _samples(record):
    """How many samples are right; beside them, at how many no derivative exists."""
    right = f"{record.get('passed', 0)} of {record.get('judged', 0)}"
    apart = record.get("pointless", 0)
    return f"{right}, {apart} without" if apart else right


def _answer(text):
    """A route's answer in a word; what it raised or gave, on hover and for screen readers."""
    word, _, rest = text.partition(":")
    if word in ("wrong", "raises"):
        return f'<span class="{word}" title="{escape(rest.strip())}">{word}</span>'
    return word if word == "right" else "&ndash;"


PIECES = {"summary": summary, "table": table}
