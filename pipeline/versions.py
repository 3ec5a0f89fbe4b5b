"""The note on a page that shows something which is true in some versions of PyTorch only."""

from measured.versions.page import note
from pipeline.html import once

#: The note stands before this heading.
END = "\n## Related\n"


def noted(markdown, page, config, **_):
    """Put the note on a page that needs one. Raises PluginError where it has no place."""
    built = config.extra["proofread"]
    parsed = built.page(page)
    told = note(built.seen(page)) if parsed else ""
    if not told:
        return markdown
    built.added[parsed.path] = [told]
    return once(markdown, END, f"\n{told}{END}", parsed.path)
