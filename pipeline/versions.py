"""The note on a page that shows something which is true in some versions of PyTorch only."""

from measured.versions.page import note

#: The note stands before this heading.
END = "\n## Related\n"


def noted(markdown, page, config, **_):
    """Put the note on a page that needs one."""
    built = config.extra["proofread"]
    parsed = built.page(page)
    told = note(built.seen(page)) if parsed else ""
    if told:
        built.added[parsed.path] = [told]
    return markdown.replace(END, f"\n{told}{END}", 1) if told else markdown
