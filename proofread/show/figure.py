"""An SVG as matplotlib writes it -> one that lives in a page: scheme, name, ids of its own."""

import re
from xml.etree import ElementTree

SVG, LINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}href"
#: The colors of ``figures.mplstyle`` -> the names of the CSS variables that replace them.
COLORS = {
    "#0b62b0": "--figure-0",
    "#d1492e": "--figure-1",
    "#1b8a5a": "--figure-2",
    "#8e5bb5": "--figure-3",
    "#c98a00": "--figure-4",
    "#20212a": "--figure-text",
    "#70717a": "--figure-line",
    "#d8d9e2": "--figure-grid",
    "#ffffff": "--figure-paper",
}
COLOR = re.compile("|".join(COLORS))
FAMILY = re.compile(r"'DejaVu Sans'[^;]*")
#: Who made it, and a style that would hold for the whole page.
NOT_NEEDED = ("metadata", "style")


def inline(svg, anchor, text):
    """Return an SVG element that follows the scheme, is named ``text``, and shares no id.

    What it says in words stays as it is. Raises KeyError for one without a ``viewBox``.
    """
    drawn = ElementTree.fromstring(svg)
    for part in drawn.iter():
        part.tag = part.tag.removeprefix(SVG)
        own = {name: _dressed(name, value, anchor) for name, value in part.attrib.items()}
        part.attrib = {"xlink:href" if name == LINK else name: value for name, value in own.items()}
    for around in list(drawn.iter()):
        for part in [part for part in around if part.tag in NOT_NEEDED]:
            around.remove(part)
    drawn.attrib = {"viewBox": drawn.attrib["viewBox"], "role": "img", "aria-label": text}
    drawn.tail = None
    return ElementTree.tostring(drawn, "unicode")


def _dressed(name, value, anchor):
    """Return an attribute with the scheme's colors and font, and with the page's names."""
    if name == "id":
        return f"{anchor}-{value}"
    if name == LINK:
        return re.sub("^#", f"#{anchor}-", "".join(value.split()))
    value = COLOR.sub(lambda found: f"var({COLORS[found[0]]})", value)
    return re.sub(r"url\(#", rf"\g<0>{anchor}-", FAMILY.sub("var(--figure-font)", value))
