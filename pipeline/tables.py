"""A MkDocs hook: each table in a box that scrolls, with or without a script.

Material's script builds the box when the page is there, so that the browser styles the whole
article anew. It looks for tables without a class. Those get one, and Material's styles, which look
for the same, are told its name.
"""

import re
from pathlib import Path

from mkdocs.exceptions import PluginError
from mkdocs.plugins import event_priority

TABLE = re.compile(r"<table>(.*?)</table>", re.DOTALL)
# The box can be focused: it is wider than a phone, and scrolls by keyboard too.
BOX = (
    '<div class="md-typeset__scrollwrap" tabindex="0"><div class="md-typeset__table">'
    r'<table class="data">\1</table></div></div>'
)
PLAIN, NAMED = "table:not([class])", "table.data"
STYLES = "assets/stylesheets/main.*.css"


@event_priority(-75)
def on_page_content(html, **_):
    """Put each table in its box."""
    return TABLE.sub(BOX, html)


@event_priority(100)
def on_post_build(config, **_):
    """Tell Material's styles which tables are meant. Raises PluginError if they do not know any."""
    told = 0
    for file in Path(config.site_dir).glob(STYLES):
        text = file.read_text(encoding="utf-8")
        told += text.count(PLAIN)
        file.write_text(text.replace(PLAIN, NAMED), encoding="utf-8")
    if not told:
        raise PluginError(f"{STYLES}: no rule for {PLAIN}; see theme/tables.py")
