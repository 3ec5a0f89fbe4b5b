"""Less to load: what templates leave between a page's menus is mostly empty lines."""

import re

from pipeline.html import once

#: Where the page's own content begins; there and in scripts a line's indentation may matter.
CONTENT = '<div class="md-content"'
SCRIPT = re.compile(r"(<(?:script|style)\b.*?</(?:script|style)>)", re.DOTALL)
LINES = re.compile(r"\s*\n\s*")


def folded(output: str, page, config) -> str:
    """Fold empty lines and indentation above the content to line ends, which show the same.

    Raises PluginError for a page whose content begins nowhere, or twice.
    """
    menus, _, rest = once(output, CONTENT, "\0", page.file.src_uri).partition("\0")
    parts = SCRIPT.split(menus)
    parts[::2] = [LINES.sub("\n", part) for part in parts[::2]]
    return "".join(parts) + CONTENT + rest
