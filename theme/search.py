"""A MkDocs hook: what the search weighs. It runs when the index is written."""

import json
from pathlib import Path

from mkdocs.plugins import event_priority

#: Material gives a word in a title 1000 times the weight of one in the text, so that any title
#: with "gradient" in it would win. This still prefers titles.
TITLE = 6.0


@event_priority(-200)
def on_post_build(config, **_):
    index = Path(config.site_dir, "search/search_index.json")
    if index.exists():
        found = json.loads(index.read_text(encoding="utf-8"))
        found["config"]["fields"]["title"]["boost"] = TITLE
        index.write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")
