"""Each page as Markdown beside its HTML, and lists of them, for programs that read.

``llms.txt`` is the list, as https://llmstxt.org proposes, with what people ask and PyTorch says
where a page answers that; ``llms-full.txt`` is all of it.
"""

import posixpath
import re
from pathlib import Path
from typing import NamedTuple

from mkdocs.utils.meta import get_data

from pipeline import search
from pipeline.versions import noted
from proofread.fault import FaultError
from proofread.hook import publish
from proofread.judge.messages import start_of
from proofread.show.kinds import fill

#: What only the site needs: boxes, notes for the engine, ids of headings.
SITE_ONLY = re.compile(r"^[ ]*</?div\b[^>]*>\n|[ ]*<!--.*?-->|[ ]?\{ ?#[\w-]+ ?\}$", re.M | re.S)
FENCED, HEADING = re.compile(r"^ *```.*?^ *```", re.M | re.S), re.compile(r"^#{2,3} (.+)$", re.M)
COMMON = {"Related", "How to notice", "Why", "Variations"}
LINK = re.compile(r"\]\(([^()\s:#]+\.\w+)(#[^()\s]*)?\)")


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
        door = ": ".join(parent.title for parent in reversed(page.ancestors))
        about = (str(page.title), page.meta.get("description", ""))
        config.extra["twins"][page.file.src_uri] = Twin(uri(page.file), door, *about, text)
    return markdown


def written(config):
    """Write the twins, and the two lists in the order of the navigation."""
    site, built = Path(config.site_dir), config.extra["proofread"]
    twins = {built.path(uri): twin for uri, twin in config.extra["twins"].items() if twin}
    for twin in twins.values():
        publish(site / twin.uri, twin.text)
    head = f"# {config.site_name}\n\n> {config.site_description}\n"
    (site / "llms.txt").write_text(head + listed(twins, config), encoding="utf-8")
    full = "\n\n---\n\n".join(twin.text for twin in twins.values())
    (site / "llms-full.txt").write_text(f"{head}\n{full}", encoding="utf-8")


def listed(twins, config):
    """One line for each page, below the part of the site that it is in."""
    lines, last, fields = [], None, search.known(config)
    for path, twin in twins.items():
        if twin.door != last:
            lines.append(f"\n## {twin.door or 'Start'}\n\n")
            last = twin.door
        address = f"{config.site_url or ''}{twin.uri}"
        about = f"{twin.description}{answers(fields[path])}{parts(twin.text)}"
        lines.append(f"- [{twin.title}]({address}): {about}\n")
    return "".join(lines)


def parts(text):
    """The headings of a page, but for those that each page has."""
    names = (search.LINK.sub(r"\1", name) for name in HEADING.findall(FENCED.sub("", text)))
    found = [name for name in names if name not in COMMON]
    return f" Parts: {'; '.join(found)}" if found else ""


def answers(fields):
    """What a page answers, in the words of who asks: a symptom, questions, messages."""
    said = [start_of(text).replace("`", "'") for text in fields["says"]]
    asked = {
        "You see": [fields["symptom"]],
        "Asked": dict.fromkeys([*fields["aliases"], *fields.get("asked", ())]),
        "PyTorch says": dict.fromkeys(f"`{text}`" for text in said),
    }
    return "".join(f" {name}: {'; '.join(all)}" for name, all in asked.items() if any(all))


def uri(file):
    """Name the page's twin, beside the HTML and ending as Markdown; or a file that is no page."""
    page = file.dest_uri.removesuffix(".html")
    return page if page == file.dest_uri else f"{page}.md"


def linked(text, file, files):
    """Let links between pages lead from twin to twin, and others to their files."""

    def link(match):
        target = posixpath.normpath(posixpath.join(posixpath.dirname(file.src_uri), match[1]))
        found = files.get_file_from_path(target)
        if not found:
            return match[0]
        return f"]({posixpath.relpath(uri(found), posixpath.dirname(uri(file)))}{match[2] or ''})"

    return LINK.sub(link, text)
