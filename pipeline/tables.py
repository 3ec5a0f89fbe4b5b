"""Material's styles know the tables that ``markdown.py`` has put in a box.

Material's script looks for tables without a class, and so do its styles; ours have one.
"""

from pathlib import Path

from mkdocs.exceptions import PluginError

PLAIN, NAMED = "table:not([class])", "table.data"
STYLES = "assets/stylesheets/main.*.css"


def styled(config):
    """Tell the styles which tables are meant. Raises PluginError if they do not know any."""
    told = 0
    for file in Path(config.site_dir).glob(STYLES):
        text = file.read_text(encoding="utf-8")
        told += text.count(PLAIN)
        file.write_text(text.replace(PLAIN, NAMED), encoding="utf-8")
    if not told:
        raise PluginError(f"{STYLES}: no rule for {PLAIN}; see pipeline/tables.py")
