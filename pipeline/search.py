"""What the search weighs, and what it finds beside pages. It runs when the index is written."""

import json
from pathlib import Path

from measured.operators.page import entries

#: Material gives a word in a title 1000 times the weight of one in the text, so that any title
#: with "gradient" in it would win. This still prefers titles, and what a page says that it is
#: searched for.
TITLE, ALIAS = 6.0, 8.0
#: How much more a row of the index of messages weighs: who pastes a message wants its row.
MESSAGE = 16.0
MESSAGES, OPERATORS = "docs/errors.md", "docs/reference/operators.md"


def weighed(config):
    """Put weights and aliases into the index; the search's tags, otherwise unused, hold them."""
    index = Path(config.site_dir, "search/search_index.json")
    if not index.exists():
        return
    built = config.extra["proofread"]
    found = json.loads(index.read_text(encoding="utf-8"))
    found["config"]["fields"]["title"]["boost"] = TITLE
    found["config"]["fields"]["tags"]["boost"] = ALIAS
    if OPERATORS in built.urls:
        found["docs"] += entries(built.urls[OPERATORS])
    aliases = {
        built.urls[path]: [str(alias) for alias in page.meta.get("aliases") or ()]
        for path, page in built.report.pages.items()
        if path in built.urls
    }
    for entry in found["docs"]:
        if aliases.get(entry["location"]):
            entry["tags"] = aliases[entry["location"]]
        if entry["location"].startswith(f"{built.urls.get(MESSAGES)}#"):
            entry["boost"] = MESSAGE
    index.write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")
