"""What every step that changes HTML uses: a replacement that is made exactly once, and a parser."""

from mkdocs.exceptions import PluginError
from selectolax.lexbor import LexborHTMLParser, LexborNode


def once(html: str, old: str, new: str, where: str) -> str:
    """Replace what stands there once. Raises PluginError if it does not, or stands there twice."""
    if (count := html.count(old)) != 1:
        raise PluginError(f"{where}: {old!r} stands there {count} times, not once")
    return html.replace(old, new)


def parsed(html: str) -> LexborHTMLParser:
    """Return a part of a page as a tree."""
    return LexborHTMLParser(html, is_fragment=True)


def whole(html: str) -> LexborHTMLParser:
    """Return a whole page as a tree."""
    return LexborHTMLParser(html)


def put(node: LexborNode, html: str) -> None:
    """Put HTML in the place of a node."""
    node.replace_with(parsed(html).root)
