"""A MkDocs hook: ``operators/cpu.json`` -> the table of operators, and an entry in the search."""

import json
import re
from collections import Counter
from html import escape
from pathlib import Path

from mkdocs.plugins import event_priority

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "measured/operators/cpu.json"
NOTES = ROOT / "measured/operators/notes.json"
PLACE = "<!-- operators -->"
SUMMARY = "<!-- operators: summary -->"
ROUTES = {
    "double backward": "double backward",
    "grad(grad)": "grad of grad",
    "forward over reverse": "forward over reverse",
    "reverse over forward": "reverse over forward",
    "forward over forward": "forward over forward",
    "third": "third derivative",
}
#: Status -> what a reader sees, best first.
STATUSES = {
    "works twice": "works twice",
    "second derivative zero": "zero: the second derivative is zero",
    "works in part": "works in part",
    "first derivative only": "raises: first derivative only",
    "wrong or doubtful": "wrong or doubtful",
    "not differentiable": "not differentiable",
    "not measured": "not measured",
}


#: The address of the page with the table, once it was met.
_urls = []


def on_page_markdown(markdown, page, **_):
    if PLACE not in markdown:
        return markdown
    _urls[:] = [page.url]
    data, notes = json.loads(DATA.read_text("utf-8")), json.loads(NOTES.read_text("utf-8"))
    return markdown.replace(SUMMARY, summary(data)).replace(PLACE, table(data, notes))


@event_priority(-100)
def on_post_build(config, **_):
    """Let the search lead to a row: each is an entry of its own in the index."""
    index = Path(config.site_dir, "search/search_index.json")
    if not index.exists() or not _urls:
        return
    data, found = json.loads(DATA.read_text("utf-8")), json.loads(index.read_text("utf-8"))
    found["docs"] += [
        {
            "location": f"{_urls[0]}#{anchor(record)}",
            "title": f"{record['key']}: {STATUSES[record['status']]}",
            "boost": 12,
            "text": " ".join(error.partition(": ")[2] for error in record.get("errors", ())),
        }
        for record in data["operators"]
        if record["status"] not in ("not measured", "not differentiable")
    ]
    index.write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")


def anchor(record):
    return "op-" + re.sub(r"\W+", "-", record["key"]).strip("-").lower()


def summary(data):
    """One sentence with the counts, and the stamp."""
    counts = Counter(record["status"] for record in data["operators"])
    tried = sum(counts[s] for s in list(STATUSES)[:5])
    stamp = data["environment"]
    parts = ", ".join(
        f"{counts[s]} {words}"
        for s, words in (
            ("works twice", "work"),
            ("second derivative zero", "work and give zero"),
            ("works in part", "work for a part of their arguments"),
            ("first derivative only", "raise"),
            ("wrong or doubtful", "are wrong or doubtful"),
        )
    )
    return (
        f"{tried} differentiable operations: {parts}. Measured with PyTorch {stamp['torch']}, "
        f"Python {stamp['Python']}, {stamp['platform']}, on the {stamp['device']}."
    )


def table(data, notes):
    """The table, complete without any script."""
    head = "".join(f"<th scope=col>{w}</th>" for w in ("Operation", "Twice", "Samples"))
    head += "".join(f"<th scope=col>{words}</th>" for words in ROUTES.values())
    seen, rows = set(), []
    for record in data["operators"]:
        rows.append(row(record, notes.get(record["key"]), seen))
    return (
        '<div class="operators" markdown="0" data-search-exclude>'
        '<table id="operators" class="operations">'
        "<caption>Each operation of PyTorch's own database, and what people call</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )


def row(record, note, seen):
    name = anchor(record)
    while name in seen:
        name += "-2"
    seen.add(name)
    cells = [f'<th scope=row><a href="#{name}"><code>{escape(record["key"])}</code></a></th>']
    status = STATUSES[record["status"]]
    errors = "".join(
        f"<p><code>{escape(text.partition(': ')[2])}</code></p>"
        for text in record.get("errors", ())
    )
    explained = f"<p>{note}</p>" if note else ""
    why = f"<p>{escape(record['why'])}</p>" if record.get("why") else ""
    details = f"{errors}{explained}{why}"
    cells.append(f"<td>{status}{details}</td>")
    cells.append(f"<td>{record.get('passed', 0)} of {record.get('judged', 0)}</td>")
    cells += [f"<td>{answer(record.get('routes', {}).get(route, ''))}</td>" for route in ROUTES]
    kind = record["status"].replace(" ", "-")
    return f'<tr id="{name}" class="{kind}">{"".join(cells)}</tr>'


def answer(text):
    """A route's answer in a word; what it raised or gave, on hover and for screen readers."""
    word, _, rest = text.partition(":")
    if word in ("wrong", "raises"):
        return f'<span class="{word}" title="{escape(rest.strip())}">{word}</span>'
    return word if word == "right" else "&ndash;"
