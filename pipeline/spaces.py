"""Less to load: empty lines between a page's menus, and what styles say to their authors."""

import re
from pathlib import Path

from mkdocs.structure.files import File

from pipeline.html import once

#: Where the page's own content begins; there and in scripts a line's indentation may matter.
CONTENT = '<div class="md-content"'
SCRIPT = re.compile(r"(<(?:script|style)\b.*?</(?:script|style)>)", re.DOTALL)
COMMENT = re.compile(r"/\*.*?\*/\n?", re.DOTALL)
LINES = re.compile(r"\s*\n\s*")


def folded(output: str, page, config) -> str:
    """Fold empty lines and indentation above the content to line ends, which show the same.

    Raises PluginError for a page whose content begins nowhere, or twice.
    """
    menus, _, rest = once(output, CONTENT, "\0", page.file.src_uri).partition("\0")
    parts = SCRIPT.split(menus)
    parts[::2] = [LINES.sub("\n", part) for part in parts[::2]]
    return "".join(parts) + CONTENT + rest


def uncommented(files, config):
    """Publish the site's own styles without their comments, a sixth of them."""
    for file in [file for file in files if file.src_uri.endswith(".css") and file.abs_src_path]:
        text = COMMENT.sub("", Path(file.abs_src_path).read_text(encoding="utf-8"))
        files.remove(file)
        files.append(File.generated(config, file.src_uri, content=text))
    return files
