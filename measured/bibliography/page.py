"""The bibliography: one data file, and where each of its entries is cited.

``data.toml`` is a table for each entry, by a key that stays: ``authors``, ``title``, ``where``,
``url``, other addresses under ``also``, and ``about``, what it is cited for. A page cites an entry
if it has one of its addresses, its title, or a link to it here.
"""

import posixpath
import tomllib
from pathlib import Path

FILE = Path(__file__).with_name("data.toml")


def entries(seen) -> str:
    """All entries, each with the pages that cite it. Raises LookupError for one that none cites."""
    known = tomllib.loads(FILE.read_text(encoding="utf-8"))
    others = [page for path, page in seen.report.pages.items() if path != seen.page.path]
    return "\n\n".join(entry(key, known[key], others, seen.page) for key in sorted(known))


def entry(key: str, one: dict, pages: list, here) -> str:
    """One entry: its key as anchor, what it is, and links to those of the pages that cite it."""
    marks = (f"bibliography.md#{key})", one["title"].lower(), *addresses(one))
    citing = [page for page in pages if any(mark in page.words for mark in marks)]
    if not citing:
        raise LookupError(f"no page cites '{key}': cite it, or delete it in {FILE.name}")
    folder = posixpath.dirname(here.path)
    links = [f"[{page.meta['title']}]({posixpath.relpath(page.path, folder)})" for page in citing]
    title = f"[{one['title']}]({one['url']})" if "url" in one else f"*{one['title']}*"
    name = f"{one['authors'].split(', ')[0].split('. ')[-1]}, {key[-4:]}"
    said = f"{one['authors']}: {title}, {one['where']}. {one['about']}"
    return f"## {name} {{ #{key} }}\n\n{said}\n\nCited in {', '.join(links)}."


def addresses(one: dict) -> list[str]:
    """Where an entry can be read, as a link to it ends, in small letters."""
    return [f"{url})".lower() for url in (one.get("url"), *one.get("also", ())) if url]


PIECES = {"entries": entries}
