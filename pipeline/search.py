"""A MkDocs hook: what the search weighs. It runs when the index is written."""

import json
from pathlib import Path

from mkdocs.plugins import event_priority

#: Material gives a word in a title 1000 times the weight of one in the text, so that any title
#: with "gradient" in it would win. This still prefers titles, and what a page says that it is
#: searched for.
TITLE, ALIAS = 6.0, 8.0
#: How much more a row of the index of messages weighs: who pastes a message wants its row.
MESSAGE = 7.0
MESSAGES = "errors.md"
#: URL of a page -> the words that people search for, in its front matter; URL of the index.
_aliases, _index = {}, []


def on_page_content(html, page, **_):
    """Remember the page's aliases."""
    if page.file.src_uri == MESSAGES:
        _index[:] = [page.url]
    _aliases[page.url] = [str(alias) for alias in page.meta.get("aliases", ())]
    return html


@event_priority(-200)
def on_post_build(config, **_):
    """Put weights and aliases into the index; the search's tags, otherwise unused, hold them."""
    index = Path(config.site_dir, "search/search_index.json")
    if not index.exists():
        return
    found = json.loads(index.read_text(encoding="utf-8"))
    found["config"]["fields"]["title"]["boost"] = TITLE
    found["config"]["fields"]["tags"]["boost"] = ALIAS
    for entry in found["docs"]:
        if _aliases.get(entry["location"]):
            entry["tags"] = _aliases[entry["location"]]
        if _index and entry["location"].startswith(f"{_index[0]}#"):
            entry["boost"] = MESSAGE
    index.write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")
