"""What the search knows of each page beside its text. It runs when the index is written.

``theme/assets/javascripts/search/rank.js`` weighs these fields, which stand with a page's first
entry: no page is put before another by hand.
"""

import json
import re
from pathlib import Path

from measured.operators.page import entries
from measured.questions.page import learned
from proofread.fault import FaultError
from proofread.judge.bind import Seen
from proofread.judge.messages import front, messages
from proofread.show.kinds import bound_text

LINK = re.compile(r"\[([^]]*)\]\([^)]*\)")
OPERATORS = "docs/reference/operators.md"
LIBRARIES = "docs/reference/libraries.md"


def described(config):
    """Give each page in the index its fields, and each operator an entry."""
    index = Path(config.site_dir, "search/search_index.json")
    if not index.exists():
        return
    built = config.extra["proofread"]
    found = json.loads(index.read_text(encoding="utf-8"))
    if OPERATORS in built.urls:
        found["docs"] += entries(built.location(OPERATORS))
    fields = known(config)
    pages = {built.location(path): fields[path] for path in fields if path in built.urls}
    if LIBRARIES in built.urls:
        place = built.location(LIBRARIES)
        pages[place]["aliases"] += sections(found["docs"], place)
    for entry in found["docs"]:
        entry.pop("tags", None)
        entry |= pages.get(entry["location"], {})
    index.write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")


def sections(entries, place):
    """Return what is asked of each section of a page that has one for each library."""
    titles = [one["title"] for one in entries if one["location"].startswith(f"{place}#")]
    return [f"{title} second derivative" for title in titles]


def known(config):
    """Return {source of a page: fields that say what it answers}; looked up once in a build."""
    if "fields" not in config.extra:
        config.extra["fields"] = fields_of(config.extra["proofread"].report)
    return config.extra["fields"]


def fields_of(report):
    """Return {source of a page: fields that say what it answers}."""
    asked, said = learned(), {}
    for one in messages(report):
        said.setdefault(one.page.path, []).append(one)
    found = {}
    for path, page in report.pages.items():
        texts, mine = front(page), said.get(path, ())
        means = [(key, getattr(one.entry, key)) for one in mine for key in ("means", "fix")]
        answer = [(key, getattr(texts, key)) for key in ("cause", "fix", "unless")]
        found[path] = {
            "aliases": [str(alias) for alias in page.meta.get("aliases") or ()],
            "description": page.meta.get("description", ""),
            "symptom": bound(page, "symptom", texts.symptom, report),
            "answer": " ".join(bound(page, *one, report) for one in answer),
            "says": [text for one in mine for text in wordings(one)],
            "means": [bound(page, *one, report) for one in means],
            **asked.get(path, {}),
        }
    return found


def wordings(message):
    """What PyTorch says, today, earlier and elsewhere."""
    entry = message.entry
    return f"{message.kind}: {message.shown}", *entry.older, *entry.also


def bound(page, key, text, report):
    """Return a text of the front matter with its values, and without what its links lead to."""
    try:
        return LINK.sub(r"\1", bound_text(page, key, text, Seen(page, report))) if text else ""
    except FaultError:  # Only a server goes on with such a page.
        return ""
