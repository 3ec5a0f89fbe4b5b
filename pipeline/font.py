"""The font for formulas, with no glyph that no formula needs: 15 KB for 400."""

import base64
import io
import unicodedata
from importlib.metadata import version
from pathlib import Path

from mkdocs.exceptions import PluginError

from pipeline.html import whole
from pipeline.taken import noted
from proofread.run.cache import digest

FONT = "assets/fonts/stix-two-math.woff2"
#: What shows text in MathML; an annotation holds the TeX, which nobody sees.
TOKENS = "math mi, math mn, math mo, math ms, math mtext"
#: A browser shows a letter that stands alone in italics: the letter -> its italic forms. One of
#: them, the h, has its place among the signs.
ITALIC = {}
for letter in map(chr, [*range(0x1D434, 0x1D468), *range(0x1D6E2, 0x1D71C), 0x210E]):
    ITALIC.setdefault(unicodedata.normalize("NFKC", letter), set()).add(letter)


def kept(output, page, config):
    """Note the letters of a page's formulas."""
    noted(page, config)["letters"] = sorted(letters(output)) if "<math" in output else []
    return output


def subset(config):
    """Leave out of the built site's font all that its formulas do not need."""
    build, source = config.extra["taken"], Path(config.docs_dir, FONT).read_bytes()
    needed = {letter for page in build.written.values() for letter in page["letters"]}
    key = digest([sorted(needed), source.hex(), version("fonttools")])
    font = build.memory.get("font", key)
    if not font:
        font = base64.b64encode(cut(source, needed)).decode()
        build.memory.keep("font", key, font)
    Path(config.site_dir, FONT).write_bytes(base64.b64decode(font))


def cut(source, needed):
    """Return the font with no other glyphs. Raises PluginError for one that it does not have."""
    # Slow to import, and seldom needed.
    from fontTools import subset as glyphs
    from fontTools.ttLib import TTFont

    font = TTFont(io.BytesIO(source))
    known = font.getBestCmap()
    if lacking := sorted(letter for letter in needed if ord(letter) not in known):
        raise PluginError(f"docs/{FONT}: no glyph for {' '.join(lacking)}, which a formula has")
    options = glyphs.Options(hinting=False, layout_features=["*"], flavor="woff2")
    subsetter = glyphs.Subsetter(options)
    subsetter.populate(unicodes=map(ord, needed))
    subsetter.subset(font)
    font.flavor = "woff2"
    # The time of the build is nobody's business, and no two builds would be the same.
    font.recalcTimestamp = False
    made = io.BytesIO()
    font.save(made)
    return made.getvalue()


def letters(html):
    """Return the characters that show the formulas of a page."""
    found = set()
    for token in whole(html).css(TOKENS):
        text = token.text().strip()
        found.update(text)
        if token.tag == "mi" and len(text) == 1:
            found |= ITALIC.get(unicodedata.normalize("NFKC", text), set())
    return {letter for letter in found if unicodedata.category(letter) not in ("Zs", "Cf", "Cc")}
