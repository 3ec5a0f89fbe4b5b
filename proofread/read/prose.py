"""What an author types into prose or into a fence, and nothing keeps true: where it stands.

Comments, formulas, code and the targets of links are found as Markdown's parsers find them, over
several lines or not: a second opinion about what is prose would leave gaps.
"""

import re
from collections.abc import Iterator
from html import unescape
from itertools import pairwise

#: Ends a line of prose below which another block begins, without an empty line between them.
BREAK = "\x03"
#: A character of the same paragraph, and of the same formula, which ends at an empty line alone.
ON, IN = rf"(?:(?!\n[ >]*\n)[^{BREAK}])", r"(?:(?!\n[ >]*\n).)"
#: What is no prose, in the order in which Markdown looks for it. Formulas are arithmatex's.
SKIPPED = re.compile(
    rf"""
    (?P<comment><!--(?:(?!<!--).)*?-->)
    | (?P<script><(?P<raw>script|style)\b(?:(?!<(?P=raw)\b).)*?</(?P=raw)\s*>)
    | (?P<block>^[ >]*(?P<item>(?:[-*+]|\d+\.|:|\[\^[^\]\n]+\]:)[ ]+)?
        (?:\$\$(?:\\.|(?!\\){IN})+?\$\$ | \\\[{IN}+?\\\]
        | \\begin\{{(?P<env>[a-z]+\*?)\}}{IN}+?\\end\{{(?P=env)\}})[ {BREAK}]*$)
    | (?<!\\)(?:(?<!`)|(?<=\\`))(?P<ticks>`{{1,20}}){ON}+?(?<!`)(?P=ticks)(?!`)
    | \$(?!\s)(?:\\.|(?![\\$]){ON})+?(?<!\s)\$
    | \\\((?:(?!\\\(){ON})+?\\\)
    | \\(?P<escaped>[\\`*_{{}}\[\]()>\#+.!$-])
    | (?P<target>\]\((?:[^()\n]|\([^()\n]*\))*\) | ^[ ]{{0,3}}\[(?!\^)[^\]\n]+\]:[ ]*\S+)
    | (?P<tag></?(?P<name>[a-z][^<>@\s/{BREAK}]*)/?(?:\s(?:(?![<>]){ON})*)?>)
    | <https?://[^<>\s]+> | https?://[^<>\s]+
    | \{{\{{[^{{}}]*\}}\}}
    """,
    re.VERBOSE | re.DOTALL | re.MULTILINE | re.IGNORECASE,
)
#: What a reader sees of a tag, or of the target of a link.
TITLE = re.compile(r"""(?:(?:title|alt|label)\s*=|\s)\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
#: A line that is a block of its own: a title, the head of a box or a tab, a rule, a tag.
BLOCK = re.compile(r"#.*|!!!.*|\?\?\?.*|===.*|=+|(?:[-*_] ?){3,}|(?:\x02|<[^<>]*>| )+")
#: The first line of a block that needs no empty line above it.
BEGINS = re.compile(
    rf"[ >]*(?:(?:[-*+]|\d+\.|:)\s|\||</?[a-z]|\[[^\]]+\]:|{BLOCK.pattern}$)", re.IGNORECASE
)
#: What has versions, or parts, with a number like a decimal.
NUMBERED = (
    "CUDA|cuDNN|GCC|Graphviz|JAX|Matplotlib|Material|MkDocs|NumPy|Python|PyTorch|ROCm|SciPy|SymPy"
    r"|TensorFlow|torch|Triton|Ubuntu|WCAG|Windows|macOS|CC\sBY"
    "|chapter|equation|figure|release|section|table|version"
)
UNITS = "[mnµ]?s|[kMG]i?B|seconds|times|percent|points"
#: What is written like a decimal and is no result: versions, parts, identifiers, addresses.
NO_RESULT = rf"""
    \b(?:{NUMBERED})s?\sv?(?P<major>\d+)(?:\.\d+)+
        (?:(?:,\s|\s(?:and|or|to)\s|\u2013)(?P=major)(?:\.\d+)+)*
        (?!\w|\.\d|\s?%|\s(?:{UNITS})\b)
    | \b(?:doi:\s*10\.\d+/\S+|arXiv:?\s*\d{{4}}\.\d{{4,5}}(?:v\d+)?)
    | \bv\d+(?:\.\d+)+(?!\w)
    | (?<![^\W_])\d+(?:\.\d+){{2,}}(?:(?:a|b|rc|\+|\.dev|\.post)\w+)?(?!\w)
    | <https?://[^<>\s]+> | https?://[^<>\s]+
"""
REFERENCE = re.compile(NO_RESULT, re.VERBOSE | re.IGNORECASE)
#: A decimal that is typed, in any spelling; first come those that are no result.
DECIMAL = re.compile(
    rf"""
    {NO_RESULT}
    | (?<![^\W_])\d{{1,3}}(?:,\d{{3}})+(?![.,]?\d)
    | (?P<typed>(?<![^\W_][^\W_])(?<![\dv])-?
        (?:\d{{1,3}}(?:,\d{{3}})+\.\d+ | \d+[.,]\d+ | (?<![\w.)\]])\.\d+ | \d+(?=e[+-]?\d))
        (?:e[+-]?\d+)?)
    """,
    re.VERBOSE | re.IGNORECASE,
)
CONSTANT = re.compile(r"<!-- constant: \S.*?-->|\s# constant: \S")
#: The first line of what holds blocks, indented by four.
ITEM = re.compile(r"(?:[-*+]|\d+\.)\s")
BOX = re.compile(r"!!!|\?\?\?|===[!+]? ")
APART = re.compile(rf"{BOX.pattern}|<div")
HOLDS = re.compile(rf"{ITEM.pattern}|:\s|{BOX.pattern}|\[\^[^\]]+\]:")
#: The first line of a quotation, where that is code.
QUOTED_CODE = re.compile(
    r"(?P<item>[ ]*(?:[-*+]|\d+\.|:|\[\^[^\]]+\]:)[ ]+)?"
    r"[ ]*>[ ]?(?:[ ]{0,3}>[ ]?)*[ ]{4,}[^\s\x00-\x03]"
)
INDENTED = "an indented block is shown as code, and nothing runs it: indent it less"
#: What stands in the prose for a fence, for code and formulas, and for a tag.
FENCED, CODE, TAG = "\x00", "\x01", "\x02"
#: Elements that show what is in them as it is typed.
HTML_CODE = ("pre", "code", "samp", "textarea", "xmp", "listing")
#: Fences in these languages are shown as they are.
LANGUAGES = ["bash", "console", "css", "diff", "html", "ini", "json", "markdown", "sh", "text"]
LANGUAGES += ["toml", "yaml"]
INFO = re.compile(
    r"""\s*(?:\.?(?P<lang>[\w#.+-]+)|\{\s*(?:\#\S+\s+)?\.(?P<first>[\w#+-]+)[^{}]*\})"""
    r"""(?:\s+(?:title|hl_lines|linenums)=(?:"[^"]*"|'[^']*'))*\s*"""
)
#: A line of Python, or of what it prints, without white space around it.
PYTHON = re.compile(
    r"""(?:[+-]\s*)?(?:>>>|\.\.\.\s|\#[>!]|(?:In|Out)\s?\[\d+\])
    | (?:[+-]\s*)?(?:import\s\w+(?:\.\w+)*(?:\sas\s\w+|,.*)?$|from\s[\w.]+\simport\b)
    | (?:[+-]\s*)?(?:(?:async\s)?def\s\w+\(|class\s\w+.*:$|assert\s)
    | .*(?:\b(?:print|tensor|backward|torch\.[\w.]+|nn\.\w+)\()
    | (?:[-+\[\](){},.:e\s\d]*\d[-+\[\](){},.:e\s\d]*|-?nan|-?inf|True|False|None)$""",
    re.VERBOSE,
)


def language(info: str) -> str:
    """Return which of the LANGUAGES the info string of a fence names, or ""."""
    found = INFO.fullmatch(info)
    named = (found["lang"] or found["first"]).lower() if found else ""
    return named if named in LANGUAGES else ""


def findings(text: str) -> Iterator[tuple[int, str]]:
    """Yield the line, and what is wrong there, of what is typed or never closed in prose."""
    hidden = []
    prose = _prose(text, hidden)
    yield from hidden
    for formula in re.finditer(r"\$\$|\\begin\{", prose):
        line = 1 + prose.count("\n", 0, formula.start())
        yield line, "this formula is never closed, or lacks an empty line above or below"
    yield from _indented(prose)
    excused = {n for n, line in enumerate(text.split("\n"), 1) if CONSTANT.search(line)}
    yield from (found for found in _typed(prose) if found[0] not in excused)


def decimals(text: str) -> list[str]:
    """List what is wrong with the decimals that are typed in a text."""
    return [message for _, message in _typed(_prose(text, []))]


def python(lines: list[str]) -> list[int]:
    """List the indices of the lines that are Python, or what it prints."""
    return [at for at, line in enumerate(lines) if PYTHON.match(line.strip())]


def shown(text: str) -> list[str]:
    """List the lines of prose without code, formulas and comments."""
    return _prose(text, []).split("\n")


def _prose(text, hidden):
    """Return a text, line for line, without what is no prose; what is hidden in it is noted."""

    def kept(found):
        below, seen = found[0].count("\n"), CODE
        if FENCED in found[0]:
            hidden.append((line(found), "a comment, code or a formula hides what stands in it"))
        if found["comment"] or found["script"]:
            return TAG + "\n" * below
        if found["block"] and not _alone(text, found):
            return found[0]
        if found["escaped"]:
            return CODE if found["escaped"] == "$" else found["escaped"]
        if found["tag"] or found["target"]:
            titles = (" ".join(title) for title in TITLE.findall(found[0]))
            seen = " ".join([CODE if found[0].startswith("]") else TAG, *titles])
        if (found["name"] or "").lower() in HTML_CODE:
            advice = "write ```python around an include, or ```text"
            message = f"<{found['name']}> is shown as code, and nothing runs it: {advice}"
            hidden.extend([(line(found), message)] if not found[0].startswith("</") else [])
        lead = found[0][: found[0].index(found[0].lstrip(" >"))] if found["block"] else ""
        return lead + (found["item"] or "") + seen + f"\n{CODE}" * below

    def line(found):
        return 1 + text.count("\n", 0, found.start())

    text = _broken(text)
    return unescape(SKIPPED.sub(kept, text).replace(BREAK, ""))


def _broken(text):
    """Mark in a text where a block begins without an empty line above it."""
    lines = text.split("\n")
    for at, (line, below) in enumerate(pairwise(lines)):
        deeper = _quotes(below) > _quotes(line)
        begins = deeper or BEGINS.match(below) or BLOCK.fullmatch(line.lstrip(" >"))
        if begins and line.strip(" >"):
            lines[at] += BREAK
    return "\n".join(lines)


def _quotes(line):
    return line[: len(line) - len(line.lstrip(" >"))].count(">")


def _alone(text, found):
    """Tell whether a formula is all that there is in its paragraph, or its item."""
    inside = found[0].rstrip(BREAK).split("\n")
    above = text[: found.start()].removesuffix("\n").rpartition("\n")[2].strip(f" >{BREAK}")
    below = text[found.end() :].removeprefix("\n").partition("\n")[0].strip(f" >{BREAK}")
    if below and not below.startswith(("<!--", "</div")):
        return bool(found["item"] and ITEM.match(below)) and BREAK not in "\n".join(inside)
    if found["item"]:
        return BREAK not in "\n".join(inside)
    if len(set(map(_quotes, inside))) > 1 or any(APART.match(line.strip()) for line in inside):
        return False
    return not above or bool(APART.match(above) or above.startswith(("#", "***", "<!--")))


def _indented(prose):
    """Find what is indented further than the lists, tabs and boxes around it."""
    holds, outside, quoted, above, listed = 0, 0, 0, True, False
    for number, line in enumerate(prose.split("\n"), 1):
        outer, quotes, whole = _depth(line), 0, line
        while quote := re.match(rf"( {{0,{4 * holds + 3}}})> ?", line):
            line = quote[1] + line[quote.end() :]
            quotes += 1
        if quotes > quoted:
            holds, outside = outer, outside if quoted else holds
        if (found := QUOTED_CODE.match(whole)) and (found["item"] or quotes > quoted):
            yield number, INDENTED
            continue
        bare, alone = line.strip(), BLOCK.fullmatch(line.strip())
        if quoted and not quotes and not bare:
            holds = outside
        # What follows a quotation without an empty line still belongs to it.
        quoted = quotes if quotes or not bare else quoted
        if not bare:
            above = True
            continue
        if above and _depth(line) > holds and not bare.startswith(TAG):
            yield number, INDENTED
        # A paragraph goes on, whatever its lines look like, unless it began as a list.
        listed = bool(ITEM.match(bare)) if above else listed
        if HOLDS.match(bare) and (above or listed or not ITEM.match(bare)):
            holds = _depth(line) + 1
        elif above or alone:
            holds = min(holds, _depth(line))
        above = bool(alone)


def _depth(line):
    return (len(line) - len(line.lstrip(" "))) // 4


def _typed(prose):
    """Find the decimals that nothing keeps true."""
    for found in DECIMAL.finditer(prose):
        if number := found["typed"]:
            advice = "bind it, {{ folder/file.py:name }}, or say <!-- constant: why --> on its line"
            message = f"{number} is typed, so nothing keeps it true: {advice}"
            yield 1 + prose.count("\n", 0, found.start()), message
