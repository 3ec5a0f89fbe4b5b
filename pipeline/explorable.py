"""A MkDocs hook: ``<!-- explorable -->`` -> the toy example that a reader plays, and its picture.

The page writes the code below that line, as any other snippet.
"""

import re
from pathlib import Path

from mkdocs.structure.files import File
from mkdocs.utils import get_relative_url

PLACE = "<!-- explorable -->"
MARKUP = Path(__file__).parents[1] / "theme/explorable.html"
FOLDER = "assets/explorable"
STYLE = f"{FOLDER}/explorable.css"
DOOR = f"{FOLDER}/door.js"
#: Each of them after what it imports.
MODULES = ("tape.js", "example.js", "draw.js", "explorable.js")
IMPORT, EXPORT = re.compile(r"^import .*\n", re.MULTILINE), re.compile(r"^export ", re.MULTILINE)


def on_files(files, config):
    """From the disk a browser loads no modules: there, all of them are one script."""
    if config.plugins["material/offline"].config.enabled:
        door = files.get_file_from_path(DOOR)
        script = joined(Path(config.docs_dir, FOLDER, name) for name in MODULES)
        files.remove(door)
        files.append(File.generated(config, DOOR, content=script))
    return files


def on_config(config):
    for script in config.extra_javascript:
        if str(script) == DOOR and config.plugins["material/offline"].config.enabled:
            script.type, script.defer = "", True
    return config


def on_page_content(html, page, **_):
    """Put the markup in, with its style; Markdown and the search have no business with it."""
    style = f'<link rel="stylesheet" href="{get_relative_url(STYLE, page.url)}">\n'
    return html.replace(PLACE, style + MARKUP.read_text(encoding="utf-8"))


def joined(paths):
    """Return one classic script that does what the modules do."""
    texts = (path.read_text(encoding="utf-8") for path in paths)
    return f"(() => {{\n{''.join(EXPORT.sub('', IMPORT.sub('', text)) for text in texts)}}})()\n"
