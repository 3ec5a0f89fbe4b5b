"""Each page as Markdown beside its HTML, and lists of them, for programs that read.

``llms.txt`` is the list, as https://llmstxt.org proposes; ``llms-full.txt`` is all of it.
"""

import posixpath
import re
from pathlib import Path
from typing import NamedTuple

from mkdocs.utils.meta import get_data

from pipeline.versions import noted
from proofread.fault import FaultError
from proofread.hook import publish
from proofread.show.kinds import fill

#: What only the site needs: boxes, notes for the engine, ids of headings.
SITE_ONLY = re.compile(r"^[ ]*</?div\b[^>]*>\n|[ ]*<!--.*?-->|[ ]?\{ ?#[\w-]+ ?\}$", re.M | re.S)
LINK = re.compile(r"\]\(([^()\s:#]+\.md)(#[^()\s]*)?\)")


class Twin(NamedTuple):
    """A page as text: where it lies in the site, its place in the navigation, and itself."""

    uri: str
    door: str
    title: str
    description: str
    text: str


def kept(markdown, page, config, files):
    """Write the page without HTML, and keep it; what goes on is as it was."""
    built = config.extra["proofread"]
    if parsed := built.page(page):
        try:
            text = get_data(fill(parsed.pieces, built.seen(page)))[0]
        except FaultError:  # Only a server goes on with such a page.
            return markdown
        text = linked(SITE_ONLY.sub("", noted(text, page, config)), page.file, files).strip() + "\n"
        door = page.ancestors[-1].title if page.ancestors else ""
        about = (str(page.title), page.meta.get("description", ""))
        config.extra["twins"][page.file.src_uri] = Twin(uri(page.file), door, *about, text)
    return markdown


def written(config):
    """Write the twins, and the two lists in the order of the navigation."""
    site, twins = Path(config.site_dir), list(filter(None, config.extra["twins"].values()))
    for twin in twins:
        publish(site / twin.uri, twin.text)
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


def linked(text, file, files):
    """Let links between pages lead from twin to twin."""

    def link(match):
        target = posixpath.normpath(posixpath.join(posixpath.dirname(file.src_uri), match[1]))
        found = files.get_file_from_path(target)
        if not found:
            return match[0]
        return f"]({posixpath.relpath(uri(found), posixpath.dirname(uri(file)))}{match[2] or ''})"

    return LINK.sub(link, text)
