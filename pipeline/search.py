"""What the search knows of each page beside its text. It runs when the index is written.

``theme/assets/javascripts/search/rank.js`` weighs these fields, which stand with a page's first
entry: no page is put before another by hand.
"""

import json
from pathlib import Path

from measured.operators.page import entries
from measured.questions.page import learned
from proofread.judge.messages import front, messages

OPERATORS = "docs/reference/operators.md"


def described(config):
    """Give each page in the index its fields, and each operator an entry."""
    index = Path(config.site_dir, "search/search_index.json")
    if not index.exists():
        return
    built = config.extra["proofread"]
    found = json.loads(index.read_text(encoding="utf-8"))
    if OPERATORS in built.urls:
        found["docs"] += entries(built.urls[OPERATORS])
    pages = {
        built.urls[path]: fields(page)
        for path, page in built.report.pages.items()
        if path in built.urls
    }
    add(pages, built.urls, said(built.report))
    add(pages, built.urls, learned())
    for entry in found["docs"]:
        entry |= pages.get(entry["location"], {})
        for unused in ("tags", "boost"):
            entry.pop(unused, None)
    index.write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")


def fields(page):
    """What the front matter of a page says that it answers."""
    texts = front(page)
    return {
        "aliases": [str(alias) for alias in page.meta.get("aliases") or ()],
        "description": page.meta.get("description", ""),
        "symptom": texts.symptom,
        "answer": " ".join((texts.cause, texts.fix, texts.unless)),
    }


def said(report):
    """Return {page: what PyTorch says there, in each wording, and what that means}."""
    found = {}
    for one in messages(report):
        mine = found.setdefault(one.page.path, {"says": [], "means": []})
        mine["says"] += [f"{one.kind}: {one.shown}", *one.entry.older]
        mine["means"] += [one.entry.means, one.entry.fix]
    return found


def add(pages, urls, more):
    """Add fields, by the path of a page's source, to those pages that are built."""
    for path, what in more.items():
        if path in urls and urls[path] in pages:
            pages[urls[path]] |= what
