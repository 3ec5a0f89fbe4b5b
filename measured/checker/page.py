"""The table of what the checker says of each silently wrong snippet, and of its right one."""

import posixpath
from collections import defaultdict
from pathlib import Path

from measured import kit
from proofread.show.kinds import Include

FILE = Path(__file__).with_name("data.json")


def matrix(seen) -> str:
    """The table of verdicts."""
    rows, shown = [], _shown(seen.report.pages)
    for one in kit.load(FILE)["pairs"]:
        page = _page_of(one["wrong"], shown)
        here = posixpath.relpath(page.path, posixpath.dirname(seen.page.path))
        link = f"[{page.meta.get('title', page.path)}]({here})"
        folder = f"{posixpath.dirname(one['wrong'])}/"
        names = (one[key].removeprefix(folder).removesuffix(".py") for key in ("wrong", "right"))
        wrong, right = (name.replace("_", "_<wbr>") for name in names)  # a narrow column breaks
        rows.append((link, wrong, one["on wrong"], right, one["on right"], one["tried"]))
    return kit.table(("Page", "Wrong", "Verdict", "Right", "Verdict", "Tried"), rows)


def _shown(pages):
    """Return {snippet name: the pages that show it}."""
    shown = defaultdict(list)
    for page in pages.values():
        for one in page.of(Include):
            shown[one.name].append(page)
    return shown


def _page_of(name, shown):
    """The page that shows a snippet: the one that its folder mirrors, or the first."""
    own = f"docs/{posixpath.dirname(name).replace('_', '-')}.md"
    if not shown[name]:
        raise LookupError(f"no page shows snippets/{name}")
    return next((page for page in shown[name] if page.path == own), shown[name][0])


PIECES = {"matrix": matrix}
