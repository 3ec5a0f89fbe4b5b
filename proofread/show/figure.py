"""An SVG as matplotlib writes it -> one that lives in a page: scheme, name, ids of its own."""

import re
from html import escape

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
#: A prolog, comments, and a style that would hold for the whole page.
NOT_NEEDED = re.compile(
    r"<\?xml.*?\?>|<!DOCTYPE.*?>|<!--.*?-->|<defs>\s*<style.*?</defs>", re.DOTALL
)
OPENING = re.compile(r"<svg[^>]*?viewBox=\"([^\"]*)\"[^>]*>")
COLOR = re.compile("|".join(COLORS))
FAMILY = re.compile(r"'DejaVu Sans'[^;\"]*")


def inline(svg, anchor, text):
    """Return an SVG element that follows the scheme, is named ``text``, and shares no id."""
    svg = COLOR.sub(lambda match: f"var({COLORS[match[0]]})", NOT_NEEDED.sub("", svg))
    svg = FAMILY.sub("var(--figure-font)", svg)
    svg = re.sub(r'\bid="', f'id="{anchor}-', svg)
    svg = re.sub(r'(href="#|url\(#)', rf"\g<1>{anchor}-", svg)
    named = f'role="img" aria-label="{escape(text)}"'
    return OPENING.sub(lambda match: f'<svg viewBox="{match[1]}" {named}>', svg, count=1).strip()
