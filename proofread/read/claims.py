"""What in a snippet looks as if it had been compared, and was not; and code that hides."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator

from proofread.fault import FaultError
from proofread.read.prose import CONSTANT, DECIMAL

#: A comment that looks like what the statement above it printed or raised.
LOOKS = re.compile(
    r"\#(?:[^\s#]|[#\s]*(?:[!>\uff01\uff1e\u00bb]|(?:[=-]>|[\u2192\u21d2])\s*\S"
    r"|[^\w\s()\[\]{}'\"`<*.+-]+\s*[-+]?\d|[-+]?\d[\d.,e+-]*\s*$|(?:True|False|None|nan|-?inf)\s*$"
    r"|[\[(][-+\d., ]+[\])]\s*$|.*(?:\btensor\(|>>>\s|Traceback\s\()))"
)
#: A docstring that holds a session.
SESSION = re.compile(r"""^[ \t]*[a-zA-Z]{0,2}["']*[ \t]*(?:>>> |#[>!])""", re.MULTILINE)
#: What moves the rest of a line to where nobody looks, or looks like the end of a line.
GAP = re.compile(r"\S[ \t\xa0]{20,}\S")
BREAK = re.compile("[\r\x0b\x0c\x1c-\x1f\x85\u2028\u2029]")
#: Python reads these lines for the encoding of the file.
CODING = re.compile(r"^[ \t\f]*#.*?coding[:=][ \t]*(?!utf-?8\b)[-\w.]+", re.IGNORECASE)
#: Tokenizing is slow, so only lines with one of these are looked at.
SUSPECT = re.compile(
    rf"\#.*\d[.,]\d|{LOOKS.pattern}|{SESSION.pattern}|{GAP.pattern}|{BREAK.pattern}", re.MULTILINE
)


def check(path: str, text: str, tree: ast.Module, known: set[int]) -> None:
    """Find what looks stated or hides. ``known`` are lines that are compared, headers and such.

    Raises FaultError.
    """
    for node in statements(tree):
        if isinstance(node, ast.Expr) and _is_value(node.value):
            message = "a value alone looks like an output, and is none: print it"
            raise FaultError(path, node.lineno, message)
    for number, line in enumerate(text.split("\n", 2)[:2], 1):
        if CODING.match(line):
            raise FaultError(path, number, "a snippet is UTF-8: name no other encoding")
    if any(n not in known and SUSPECT.search(line) for n, line in enumerate(text.split("\n"), 1)):
        tokens = [*tokenize.generate_tokens(io.StringIO(text).readline)]
        code = " ".join(t.string for t in tokens if t.type == tokenize.NUMBER)
        for before, token in zip([None, *tokens], tokens, strict=False):
            _check_token(path, before, token, known, code)


def statements(tree: ast.AST) -> Iterator[ast.stmt]:
    """Yield the statements in a tree, those inside others too; never what is in expressions."""
    for field in ("body", "handlers", "cases", "orelse", "finalbody"):
        for node in getattr(tree, field, ()):
            if isinstance(node, ast.stmt):
                yield node
            yield from statements(node)


def _is_value(node):
    """Tell whether an expression is a number, or numbers in brackets."""
    if isinstance(node, ast.UnaryOp):
        return _is_value(node.operand)
    if isinstance(node, (ast.Tuple, ast.List)):
        return all(map(_is_value, node.elts))
    return isinstance(node, ast.Constant) and not isinstance(node.value, (str, type(...)))


def _check_token(path, before, token, known, code):
    line = token.start[0]
    if token.type == tokenize.COMMENT and BREAK.search(token.string):
        raise FaultError(path, line, "holds a character that only looks like a line's end")
    if token.type == tokenize.COMMENT and line not in known:
        if LOOKS.match(token.string):
            message = "looks stated, and nothing compares it: write #> at the start of its line"
            raise FaultError(path, line, f"'{token.string[:40]}' {message}")
        for found in DECIMAL.finditer("" if CONSTANT.search(f" {token.string}") else token.string):
            if (number := found["typed"]) and number not in code.split():
                message = "stands in a comment, where nothing keeps it true: let the code print it"
                raise FaultError(path, line, f"{number} {message}")
    elif token.type == tokenize.STRING and _alone(before) and SESSION.search(token.string):
        message = "a session in a docstring is never run: let the code print it"
        raise FaultError(path, line, message)
    elif before and before.end[0] == line and token.start[1] - before.end[1] >= 20:
        raise FaultError(path, line, "code that stands far to the right is out of sight")


def _alone(before):
    """Tell whether a string begins a line: then it is for readers alone."""
    starts = (tokenize.NEWLINE, tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.COMMENT)
    return before is None or before.type in starts
