"""Pages' front matter -> lists of pages, and the index of what PyTorch says.

A page with ``group: NAME`` is a row, symptom and fix, wherever ``{{ pages NAME }}`` stands.
``{{ messages }}`` lists each message as it was raised in this build, with an anchor of its own;
``{{ messages folder/file.py }}`` is a table of those of one snippet. ``{{ recipes }}`` lists each
page with ``recipe:``. ``{{ answer }}`` is what a reader in a hurry needs.
"""

import posixpath
import re
from collections import Counter

from proofread.fault import FaultError
from proofread.judge.bind import Seen
from proofread.judge.messages import front, messages, start_of
from proofread.read.page import Page, fence

#: ``whose:``, in front matter -> who is at fault, as a reader is told.
WHOSE = {
    "code": "In your code",
    "convention": "PyTorch means it so",
    "bug": "A bug in PyTorch",
}
#: A link to another place of the site.
LINK = re.compile(r"\]\((?![a-z]+:|/)([^)\s]*)\)")
RECIPES = "| Recipe | You get | Twice differentiable | Without `create_graph` |\n" + "| --- " * 4


def pages(seen: Seen, fill, group: str = "") -> str:
    """A table of the pages of a group: what a reader sees, what to do, where it is explained.

    ``fill(page, text)`` binds values into a text of a page's front matter.
    """
    rows = [page for page in seen.report.pages.values() if front(page).group == group]
    if not rows:
        raise LookupError(f"no page has 'group: {group}'")
    lines = ["| What you see | What to do | |", "| --- | --- | --- |"]
    for page in sorted(rows, key=lambda page: (front(page).rank, front(page).title)):
        texts = front(page)
        said = (fill(page, key, getattr(texts, key)) for key in ("symptom", "fix"))
        cells = [_moved(text, page, seen.page) for text in said]
        cells.append(_link(page, seen.page))
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines)


def answer(seen: Seen, fill) -> str:
    """What is seen, its cause, the fix, and where that does not apply: the first on a page."""
    texts = front(seen.page)
    if texts.whose not in WHOSE:
        allowed = ", ".join(WHOSE)
        raise FaultError(seen.page.path, 1, f"the front matter's 'whose:' is one of {allowed}")
    parts = {"You see": "symptom", "Cause": "cause", "Fix": "fix", "Not when": "unless"}
    said = (f"**{says}:** {fill(seen.page, k, getattr(texts, k))}" for says, k in parts.items())
    return "\n\n    ".join([f'!!! {texts.whose} "{WHOSE[texts.whose]}"', *said])


def recipes(seen: Seen, fill) -> str:
    """A table of the methods: what each gives, what it needs, what shows when it is cut."""
    lines = [f"{RECIPES}|"]
    for page in seen.report.pages.values():
        if recipe := front(page).recipe:
            cells = [fill(page, key, getattr(recipe, key)) for key in ("gives", "twice", "forget")]
            lines.append("| " + " | ".join([_link(page, seen.page), *cells]) + " |")
    return "\n".join(lines)


def index(seen: Seen, fill, snippet: str = "") -> str:
    """What PyTorch says, each with what it means, the fix, and the page that explains it.

    Of one snippet, in the order of the front matter, it is a table.
    """
    if snippet:
        return _table(seen, fill, snippet)
    blocks, anchors = [], Counter()
    for message in messages(seen.report):
        heading = start_of(message.shown or message.kind).replace("`", "'")
        anchor = re.sub(r"\W+", "-", heading).strip("-").lower()
        anchors[anchor] += 1
        anchor += f"-{anchors[anchor]}" if anchors[anchor] > 1 else ""
        blocks.append(f"## `{heading}` {{ #{anchor} }}\n")
        blocks.append(fence("", "text", f"{message.kind}: {message.shown}".removesuffix(": ")))
        texts = (fill(message.page, k, getattr(message.entry, k)) for k in ("means", "fix"))
        means, fix = (_moved(text, message.page, seen.page) for text in texts)
        where = _link(message.page, seen.page)
        blocks.append(f"{means} **Fix:** {fix} **Page:** {where}\n")
        others = [("Earlier wording", older) for older in message.entry.older]
        others += [("As the sources word it elsewhere", also) for also in message.entry.also]
        blocks += [f"{what}: `{words.replace('`', chr(39))}`\n" for what, words in others]
    return "\n".join(blocks)


def _table(seen: Seen, fill, snippet: str) -> str:
    """The messages of one snippet, what each means, and the fix."""
    mine = [one for one in messages(seen.report) if one.entry.snippet == snippet]
    if not mine:
        raise LookupError(f"no page explains a message of {snippet}")
    lines = ["| Message | What it means | Fix |", "| --- | --- | --- |"]
    for one in sorted(mine, key=lambda one: front(one.page).errors.index(one.entry)):
        said = start_of(one.shown).replace("`", "'")
        means, fix = (fill(one.page, k, getattr(one.entry, k)) for k in ("means", "fix"))
        cells = (f"`{said}`", means, _moved(fix, one.page, seen.page))
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines)


def _moved(text: str, page: Page, here: Page) -> str:
    """Let links of a page's text lead from another page to where they led."""

    def lead(found):
        path, mark, anchor = found[1].partition("#")
        folder, own = posixpath.split(page.path)
        target = posixpath.normpath(posixpath.join(folder, path or own))
        return f"]({posixpath.relpath(target, posixpath.dirname(here.path))}{mark}{anchor})"

    return LINK.sub(lead, text)


def _link(page: Page, here: Page) -> str:
    """Link from a page to another one. Raises FaultError for one without a title."""
    title = front(page).title
    if not title:
        raise FaultError(page.path, 1, "the front matter lacks 'title:'")
    return f"[{title}]({posixpath.relpath(page.path, posixpath.dirname(here.path))})"
