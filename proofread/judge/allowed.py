"""What a finished page may show without having been run: the lists and patterns of the witness."""

import re

#: What looks like Python, or like something that it printed, in whatever language it stands.
SIGN = re.compile(
    r"^[ \t]*(>>> |\.\.\. |#[>!]|(import|from) [\w.]+|def \w+\(|class \w+|@\w+)"
    r"|\bprint\(|\b(torch|nn)\.[\w.]+\(|\.(backward|step|item)\(|\btensor\("
    r"|^[ \t]*(?:[+-][ \t]*)?(for \w+(, ?\w+)* in \S.*:$|(if|while) .+:$"
    r"|\w[\w.\[\], ]* [-+*/@]?= .*\w\()"
    r"|^(In|Out) ?\[\d*\]|^\$ python3? -c|^[ \t]*[-+]?\d+(\.\d*)?(e[-+]?\d+)?[ \t]*$",
    re.MULTILINE,
)
#: The same in prose, where a number may stand alone, and words of Python are words.
IN_PROSE = re.compile(
    r">>> .*|^[ \t]*#[>!] ?\S.*|\bprint\(|\b(torch|nn)\.[\w.]+\(|\btensor\("
    r"|[✓✗] ?(asserted|ran|not true)",
    re.MULTILINE,
)
#: One of these is in each of them.
HINTS = (">>> ", "#", "(", "✓", "✗")
#: In a line of code, or in a tooltip, what claims that something was printed.
IN_LINE = re.compile(r">>> .*|^[ \t]*#[>!] ?\S.*", re.MULTILINE)
#: An assignment; in the languages of settings it is one of these.
ASSIGNMENT = re.compile(r"^[ \t]*(?:[-+][ \t]*)?[\w.\[\]]+ [-+*/]?= \S.*", re.MULTILINE)
SETTINGS = ("ini", "toml", "yaml", "css", "html", "markdown")
#: A caption that says of a block, with a reason, that nobody ran it.
NOT_RUN = re.compile(r"not run: \w+\W+\w+")
#: Everything that shows text as code.
CODE = "pre, code"
#: What an author's page is made of, and what it says of itself: what anything else shows, or
#: hides, nobody can tell.
ELEMENTS = re.compile(
    "a|abbr|b|blockquote|br|caption|cite|code|col|colgroup|dd|del|details|dfn|div|dl|dt|em"
    "|figcaption|figure|h[1-6]|hr|i|input|ins|kbd|label|li|mark|ol|p|pre|q|s|section|small|span"
    "|strong|sub|summary|sup|table|tbody|td|tfoot|th|thead|tr|u|ul|var|wbr"
    "|math|merror|mfrac|mi|mn|mo|mover|mpadded|mroot|mrow|ms|mspace|msqrt|mstyle|msub|msubsup|msup"
    "|mtable|mtd|mtext|mtr|munder|munderover|semantics"
)
ATTRIBUTES = re.compile(
    "align|checked|class|colspan|data-jp-theme-(?:light|name)|data-mime-type|data-search-exclude"
    "|data-tabs|data-type|disabled|download|for|href|hreflang|id|lang|markdown|name|open|rel"
    "|reversed|role|rowspan|scope|start|style|tabindex|target|type"
    "|accent|accentunder|columnalign|depth|display|displaystyle|form|height|linethickness|lspace"
    "|mathvariant|maxsize|minsize|rspace|scriptlevel|stretchy|symmetric|voffset|width"
)
#: What a style may say, and where a link must not lead.
STYLE = re.compile(r"(?:(?:text-align|justify-items|padding-(?:left|right)): ?[\w.]+;? ?)*")
SCRIPTED = re.compile(r"\s*(?:data|javascript|vbscript|blob)\s*:", re.IGNORECASE)
#: What the engine drew, which is counted.
DRAWN = "figure.snippet, figure.graph, figure.drawing"
#: What stands within a line.
INLINE = re.compile("a|abbr|b|cite|del|dfn|em|i|ins|kbd|mark|q|s|small|span|strong|su[bp]|u|var")
#: What ends a word, whatever stands behind it.
APART = "td, th, li, dt, dd, p, br, div, summary, option, label, h1, h2, h3, h4, h5, h6"
#: What is read aloud, or shown to who waits.
SPOKEN = re.compile(r"alt|title|abbr|aria-.*")
#: A decimal as anybody writes one; groups of three digits behind a comma are a whole number.
POINT = r"[.\u00b7\u066b\uff0e]"
DECIMAL = re.compile(
    rf"(?<![\w.,])[-+\u2212]?(?:(?:\d{{1,3}}(?:[,'\u2019 ]\d{{3}})+|\d*){POINT}\d+"
    r"|\d+,(?!\d{3}(?:\D|$))\d+)(?:[eE][-+\u2212]?\d+)?"
    r"|(?<![\w.,])[-+\u2212]?(?:\d+[eE][-+\u2212]\d+|\d+[\u00bc-\u00be\u2150-\u215e])"
)
#: A part of each, which is found fast.
PERHAPS = re.compile(rf"{POINT}\d|\d,\d|\d[eE][-+\u2212]?\d|\d[\u00bc-\u00be\u2150-\u215e]")
#: What stands between braces in an example of a page.
BRACES = re.compile(r"\{\{[^{}]*\}\}")
