"""A MkDocs hook: TeX to MathML while the site is built, so that pages need no script."""

import html
import re

from math_core import LatexError, LatexToMathML
from mkdocs.exceptions import PluginError

# What pymdownx.arithmatex writes in its generic mode.
FORMULA = re.compile(r'<(div|span) class="arithmatex">\\[\[(](.*?)\\[\])]</\1>', re.DOTALL)
CONVERTER = LatexToMathML()


def on_page_content(content, page, **_):
    """Replace each formula; a formula that is not TeX fails the build and is named."""

    def replace(match):
        block, tex = match[1] == "div", html.unescape(match[2]).strip()
        try:
            mathml = CONVERTER.convert_with_local_state(tex, displaystyle=block)
        except LatexError as error:
            raise PluginError(f"docs/{page.file.src_uri}: bad TeX in {tex!r}: {error}") from None
        # Nobody searches for the letters of a formula.
        mathml = mathml.replace("<math", "<math data-search-exclude", 1)
        return f'<div class="math" tabindex="0">{mathml}</div>' if block else mathml

    return FORMULA.sub(replace, content)
