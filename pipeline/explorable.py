"""What a reader plays: from the disk, its modules are one script."""

import re
from pathlib import Path

from mkdocs.structure.files import File

FOLDER = "assets/explorable"
DOOR = f"{FOLDER}/door.js"
#: Each of them after what it imports.
MODULES = ("tape.js", "example.js", "draw.js", "explorable.js", "losses.js", "recorder.js")
IMPORT, EXPORT = re.compile(r"^import .*\n", re.MULTILINE), re.compile(r"^export ", re.MULTILINE)


def one_script(config):
    """A browser loads no modules from the disk: there, the door is a classic script."""
    for script in config.extra_javascript:
        if str(script) == DOOR and config.plugins["material/offline"].config.enabled:
            script.type, script.defer = "", True
    return config


def joined(files, config):
    """Make that script of all modules."""
    if config.plugins["material/offline"].config.enabled:
        files.remove(files.get_file_from_path(DOOR))
        paths = (Path(config.docs_dir, FOLDER, name) for name in MODULES)
        texts = (path.read_text(encoding="utf-8") for path in paths)
        script = "".join(EXPORT.sub("", IMPORT.sub("", text)) for text in texts)
        files.append(File.generated(config, DOOR, content=f"(() => {{\n{script}}})()\n"))
    return files
