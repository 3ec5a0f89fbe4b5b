"""A MkDocs hook: the font for formulas, with no glyph that no formula needs: 15 KB for 400."""

import html
import re
import unicodedata
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from mkdocs.exceptions import PluginError
from mkdocs.utils import get_relative_url

FONT = "assets/fonts/stix-two-math.woff2"
FORMULA = re.compile(r"<math\b.*?</math>", re.DOTALL)
TEX = re.compile(r"<annotation\b.*?</annotation>", re.DOTALL)
TOKEN = re.compile(r"<(mi|mn|mo|ms|mtext)\b[^>]*>([^<]*)</\1>")
#: A browser shows a letter that stands alone in italics: the letter -> its italic forms. One of
#: them, the h, has its place among the signs.
ITALIC = {}
for letter in map(chr, [*range(0x1D434, 0x1D468), *range(0x1D6E2, 0x1D71C), 0x210E]):
    ITALIC.setdefault(unicodedata.normalize("NFKC", letter), set()).add(letter)


def on_post_page(output, page, config):
    """Ask for the font at once where it is needed: nothing moves when it arrives.

    From the disk a browser refuses that; there it has no way to go.
    """
    if config.plugins["material/offline"].config.enabled or not FORMULA.search(output):
        return output
    href = get_relative_url(FONT, page.url)
    link = f'<link rel="preload" href="{href}" as="font" type="font/woff2" crossorigin>'
    return output.replace("</title>", f"</title>{link}", 1)


def on_post_build(config, **_):
    """Leave out of the built site's font all that its formulas do not need."""
    site = Path(config.site_dir)
    needed = {
        letter
        for page in site.rglob("*.html")
        for formula in FORMULA.findall(page.read_text(encoding="utf-8"))
        for letter in letters(formula)
    }
    font = TTFont(Path(config.docs_dir, FONT))
    known = font.getBestCmap()
    if lacking := sorted(letter for letter in needed if ord(letter) not in known):
        raise PluginError(f"docs/{FONT}: no glyph for {' '.join(lacking)}, which a formula has")
    options = subset.Options(hinting=False, layout_features=["*"], flavor="woff2")
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=map(ord, needed))
    subsetter.subset(font)
    font.flavor = "woff2"
    # The time of the build is nobody's business, and no two builds would be the same.
    font.recalcTimestamp = False
    font.save(site / FONT)


def letters(formula):
    """Return the characters that show a formula in MathML."""
    found = set()
    for kind, text in TOKEN.findall(TEX.sub("", formula)):
        text = html.unescape(text).strip()
        found.update(text)
        if kind == "mi" and len(text) == 1:
            found |= ITALIC.get(unicodedata.normalize("NFKC", text), set())
    return {letter for letter in found if unicodedata.category(letter) not in ("Zs", "Cf", "Cc")}
