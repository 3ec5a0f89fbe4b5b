"""A Markdown extension: formulas as MathML, so that pages need no script, and tables in a box."""

import re
from html import unescape
from xml.etree.ElementTree import Element

from markdown import Extension, Markdown
from markdown.postprocessors import Postprocessor
from markdown.treeprocessors import Treeprocessor
from math_core import LatexError, LatexToMathML
from mkdocs.exceptions import PluginError

from pipeline.html import once

CONVERTER = LatexToMathML()
#: Private characters, which stand on no page.
MARK, MARKED = "\ue000{}\ue001", re.compile("\ue000(\\d+)\ue001")
#: The box of a table scrolls, so it can be focused: it is wider than a phone.
OUTER, INNER = {"class": "md-typeset__scrollwrap", "tabindex": "0"}, {"class": "md-typeset__table"}


def dressed(config):
    """Let MkDocs convert each page with it."""
    config.markdown_extensions.append(Dress())
    return config


class Dress(Extension):
    """Runs when all other extensions have built the tree, the table of contents included."""

    def extendMarkdown(self, md: Markdown) -> None:
        """Add the steps to the converter."""
        formulas = Formulas(md)
        md.treeprocessors.register(formulas, "formulas", -10)
        md.postprocessors.register(Unmark(md, formulas), "formulas", -10)
        md.treeprocessors.register(Tables(md), "tables", -20)


class Formulas(Treeprocessor):
    """What pymdownx.arithmatex marks becomes a mark of our own, which no step looks into."""

    def __init__(self, md: Markdown):
        super().__init__(md)
        self.made = []

    def run(self, root: Element) -> None:
        """Convert each formula. Raises PluginError for one that is not TeX."""
        self.made.clear()
        for parent in list(root.iter()):
            for child in [child for child in parent if child.get("class") == "arithmatex"]:
                self.replace(parent, child)

    def replace(self, parent: Element, child: Element) -> None:
        """Put a mark in the place of a formula: in a box of its own, or in the line."""
        block, tex = child.tag == "div", unescape(child.text)[2:-2].strip()
        mark = MARK.format(len(self.made))
        self.made.append(mathml(tex, block))
        if block:
            child.attrib, child.text = {"class": "math", "tabindex": "0"}, mark
            return
        before = list(parent).index(child) - 1
        text = mark + (child.tail or "")
        parent.remove(child)
        if before < 0:
            parent.text = (parent.text or "") + text
        else:
            parent[before].tail = (parent[before].tail or "") + text


class Unmark(Postprocessor):
    """Marks become the formulas that they stand for, when all is text."""

    def __init__(self, md: Markdown, formulas: Formulas):
        super().__init__(md)
        self.formulas = formulas

    def run(self, text: str) -> str:
        """Put each formula in its place."""
        return MARKED.sub(lambda found: self.formulas.made[int(found[1])], text)


class Tables(Treeprocessor):
    """Each table in a box. Material's script would build it later, and style the page anew."""

    def run(self, root: Element) -> None:
        """Wrap each table without a class; its empty corner heads nothing, and is a cell."""
        for parent in list(root.iter()):
            for place, child in enumerate(list(parent)):
                if child.tag == "th" and not child.text and not len(child) and not child.attrib:
                    child.tag = "td"
                elif child.tag == "table" and not child.get("class"):
                    outer, inner = Element("div", OUTER), Element("div", INNER)
                    outer.tail, child.tail = child.tail, None
                    child.set("class", "data")
                    inner.append(child)
                    outer.append(inner)
                    parent[place] = outer


def mathml(tex: str, block: bool) -> str:
    """Return a formula as MathML. Raises PluginError if it is not TeX."""
    try:
        made = CONVERTER.convert_with_local_state(tex, displaystyle=block)
    except LatexError as error:
        raise PluginError(f"bad TeX in {tex!r}: {error}") from None
    # Nobody searches for the letters of a formula.
    return once(made, "<math", "<math data-search-exclude", tex)
