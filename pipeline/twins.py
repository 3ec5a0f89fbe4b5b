"""A MkDocs hook: each page as Markdown beside its HTML, and lists of them, for programs that read.

``llms.txt`` is the list, as https://llmstxt.org proposes; ``llms-full.txt`` is all of it.
"""

import html
import posixpath
import re
from pathlib import Path
from typing import NamedTuple

from mkdocs.plugins import event_priority

#: What only the site needs: an id for a block, a figure's place, boxes, notes for the engine.
FENCE = re.compile(r"^([ ]*)(```+) \{ \.(\w+)(?: #([\w-]+))?[^}]*\}$", re.MULTILINE)
FIGURE = re.compile(r'<span class="figure"[^>]*? title="([^"]*)"></span>')
BOX = re.compile(r"^[ ]*</?div\b[^>]*>\n|[ ]*<!--.*?-->", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^()\s:#]+\.md)(#[^()\s]*)?\)")
ANCHOR = re.compile(r"[ ]?\{ ?[#.][^{}\n]*\}$", re.MULTILINE)


class Twin(NamedTuple):
    """A page as text: where it lies in the site, its place in the navigation, and itself."""

    uri: str
    door: str
    title: str
    description: str
    text: str


_twins = {}


def on_nav(nav, **_):
    """Begin anew, in the order of the navigation."""
    _twins.clear()
    _twins.update((page.file.src_uri, None) for page in nav.pages)
    return nav


@event_priority(-100)
def on_page_markdown(markdown, page, config, files):
    """Keep the page when all that writes Markdown is done, executed outputs included."""
    if not page.file.src_uri.endswith(".md"):
        return  # a notebook, which has a script beside it
    door = page.ancestors[-1].title if page.ancestors else ""
    description = page.meta.get("description", "")
    text = plain(markdown, page.file, files, page.meta.get("wrong", {}))
    _twins[page.file.src_uri] = Twin(uri(page.file), door, str(page.title), description, text)


@event_priority(-100)
def on_post_build(config, **_):
    """Write the twins, and the two lists in the order of the navigation."""
    site, twins = Path(config.site_dir), [twin for twin in _twins.values() if twin]
    for twin in twins:
        (site / twin.uri).write_text(twin.text, encoding="utf-8")
    head = f"# {config.site_name}\n\n> {config.site_description}\n"
    (site / "llms.txt").write_text(head + listed(twins, config.site_url), encoding="utf-8")
    full = "\n\n---\n\n".join(twin.text for twin in twins)
    (site / "llms-full.txt").write_text(f"{head}\n{full}", encoding="utf-8")


def listed(twins, address):
    """One line for each page, below the doors of the site."""
    lines, last = [], None
    for twin in twins:
        if twin.door != last:
            lines.append(f"\n## {twin.door or 'Start'}\n\n")
            last = twin.door
        lines.append(f"- [{twin.title}]({address or ''}{twin.uri}): {twin.description}\n")
    return "".join(lines)


def uri(file):
    """Name the page's twin: beside the HTML, with the ending of Markdown."""
    return file.dest_uri.removesuffix(".html") + ".md"


def plain(markdown, file, files, wrong):
    """Return Markdown that any reader understands; what is wrong says so above itself.

    ``wrong`` maps the id of a block to what is wrong with it.
    """

    def fence(match):
        indent, ticks, language, anchor = match.groups()
        warning = f"{indent}**Wrong:** {wrong[anchor]}.\n\n" if anchor in wrong else ""
        return f"{warning}{indent}{ticks}{language}"

    def link(match):
        target = posixpath.normpath(posixpath.join(posixpath.dirname(file.src_uri), match[1]))
        found = files.get_file_from_path(target)
        if not found:
            return match[0]
        return f"]({posixpath.relpath(uri(found), posixpath.dirname(uri(file)))}{match[2] or ''})"

    text = FIGURE.sub(lambda match: f"*Figure: {html.unescape(match[1])}*", markdown)
    text = LINK.sub(link, BOX.sub("", FENCE.sub(fence, text)))
    return ANCHOR.sub("", text).strip() + "\n"
