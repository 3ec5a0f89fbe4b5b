"""What a snippet states against what it did.

One function does the work: ``restate`` rewrites the expectations of a snippet from an
outcome. The snippet is true when that changes nothing; otherwise the difference is the diff
that an author sees, and the new text is what ``update`` writes.
"""

import ast
import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from textwrap import TextWrapper

from proofread.fault import INVISIBLE, Fault, Place
from proofread.read.snippet import Alert, Snippet, Statement, lines_of, squeeze
from proofread.run.inside.limits import why
from proofread.run.job import Outcome, Raised, Warned

FILL = TextWrapper(
    92,
    initial_indent="#! ",
    subsequent_indent="#!   ",
    break_long_words=False,
    break_on_hyphens=False,
)
TRIGGERED = re.compile(r"\(Triggered internally at [^)]*\)")
#: Lines of a difference, and characters of a line, that an author is shown.
LINES, LENGTH = 60, 400


def compare(snippet: Snippet, outcome: Outcome, right: Outcome | None = None) -> list[Fault]:
    """List the faults of a snippet, given its outcome and that of its right twin."""
    if outcome.ended != "done":
        return [_fault(snippet, outcome.line or 1, outcome.detail)]
    return [
        *([*_invisible(snippet, outcome)] or _expectations(snippet, outcome)),
        *_stderr(snippet, outcome),
        *_wrong(snippet, outcome, right),
    ]


def restate(snippet: Snippet, outcome: Outcome) -> str:
    """Return the snippet's text with its expectations as the outcome has them."""
    lines = lines_of(snippet.text)
    for ran in reversed([*_ran(snippet, outcome)]):
        if ran.stated != ran.marks:
            statement = ran.statement
            place = statement.lines[0] - 1 if statement.lines else statement.end
            for number in reversed(statement.lines):
                del lines[number - 1]
            lines[place:place] = ran.marks
    return "\n".join(lines) + ("\n" if snippet.text.endswith("\n") else "")


def marks(snippet: Snippet, outcome: Outcome) -> list[list[str]]:
    """Return what each statement that ran printed, warned of and raised, as it would be stated."""
    return [ran.marks for ran in _ran(snippet, outcome)]


def value_as_stated(value: object, stated: str) -> str:
    """Write an actual value with the decimals of the stated one, to compare them as text.

    >>> value_as_stated(9.99999, "10.0")
    '10.0'
    """
    if isinstance(value, list) and len(parts := _parts(stated)) == len(value):
        return f"[{', '.join(map(value_as_stated, value, parts))}]"
    decimals = re.fullmatch(r"-?\d+(?:\.(\d+))?(e[+-]?\d+)?", stated)
    if not decimals or isinstance(value, bool) or not isinstance(value, (int, float)):
        return str(value)
    digits, form = len(decimals[1] or ""), "e" if decimals[2] else "f"
    text = f"{value:.{digits}{form}}"
    return text.lstrip("-") if not float(text) else text


def _parts(stated):
    """Split a stated list into the texts of its items; [] for what is none."""
    try:
        tree = ast.parse(stated, mode="eval").body
    except (SyntaxError, ValueError):
        return []
    items = tree.elts if isinstance(tree, ast.List) else ()
    return [ast.get_source_segment(stated, item) or "" for item in items]


@dataclass(frozen=True)
class _Ran:
    """A statement, the lines that state something of it, and what it did."""

    statement: Statement
    stated: list[str]
    printed: list[str]
    error: Raised | None
    #: What it warned of, then the exception that it raised.
    alerts: list[Warned]

    @property
    def is_alerted(self) -> bool:
        """Tell whether it warned of and raised what it states."""
        stated = self.statement.alerts
        return len(stated) == len(self.alerts) and all(map(_matches, stated, self.alerts))

    @property
    def marks(self) -> list[str]:
        """The lines that would be true of it."""
        output = [f"#> {line}".rstrip() for line in self.printed]
        if self.is_alerted:
            return [*output, *self.statement.alert_lines]
        for one in self.alerts:
            stated = next((a for a in self.statement.alerts if _matches(a, one)), None)
            # Where in PyTorch it comes from differs from one build to the next.
            message = TRIGGERED.sub("(Triggered internally at ...)", squeeze(one.message))
            output += FILL.wrap(str(stated or Alert(one.kind, message)))
        return output


def _ran(snippet: Snippet, outcome: Outcome) -> Iterator[_Ran]:
    """Yield each statement that ran, with what it did."""
    lines = [line.rstrip() for line in lines_of(snippet.text)]
    pairs = zip(snippet.statements, outcome.outputs, strict=False)
    for index, (statement, output) in enumerate(pairs):
        stated = [lines[number - 1] for number in statement.lines]
        printed = [line.rstrip() for line in output.splitlines()]
        error = outcome.raised_by(index)
        alerts = [one for one in outcome.warnings if one.statement == index]
        yield _Ran(statement, stated, printed, error, [*alerts, *([error] if error else [])])


def _matches(stated: Alert, one: Warned) -> bool:
    return stated.matches(one.kind, one.message)


def _fault(snippet, line, message, **details):
    return Fault(Place(snippet.path, line), message, **details)


def _expectations(snippet, outcome):
    # Trailing white space is not part of what is stated.
    texts = (snippet.text, restate(snippet, outcome))
    before, after = ([line.rstrip() for line in lines_of(text)] for text in texts)
    if before == after:
        return []
    ran = next(ran for ran in _ran(snippet, outcome) if _difference(ran))
    line = ran.statement.lines[0] if ran.statement.lines else ran.statement.end
    if ran.error and not snippet.raises:
        line = ran.error.line
    diff = [*difflib.unified_diff(before, after, "stated", "actual", n=1, lineterm="")]
    shown = [line if len(line) <= LENGTH else f"{line[:LENGTH]} …" for line in diff[:LINES]]
    if len(diff) > LINES:
        shown.append(f"… and {len(diff) - LINES} lines more")
    # Nothing after an exception ran: there is nothing to accept.
    ended = outcome.error and outcome.error.statement < len(snippet.statements) - 1
    accept = "" if ended else f"make update WHAT={snippet.path}"
    return [_fault(snippet, line, _difference(ran), diff="\n".join(shown), accept=accept)]


def _difference(ran):
    """Say what differs from what a statement states, or ""."""
    error = ran.error
    stated = next((a for a in ran.statement.alerts if not a.is_warning), None)
    if error and not (stated and _matches(stated, error)):
        raised = str(Alert(error.kind, squeeze(error.message)))
        nothing = "" if stated else " (nothing stated)"
        limit = f"; {why(raised)}".removesuffix("; ")
        return f"raises {raised[:200]}{nothing}{limit}"
    if stated and not error:
        return f"states {stated.kind}, but nothing was raised"
    if [line.rstrip() for line in ran.statement.output] != ran.printed:
        return "prints something else than it states"
    if not ran.is_alerted:
        return "warns of something else than it states"
    return "states what happens, but not in the usual form" if ran.stated != ran.marks else ""


def _invisible(snippet, outcome):
    """Find output that cannot be stated, because nobody would see it."""
    for statement, output in zip(snippet.statements, outcome.outputs, strict=False):
        if found := INVISIBLE.search(output.replace("\r\n", "\n")):
            what = "bytes that are not UTF-8" if found[0] == "\ufffd" else ascii(found[0])
            message = f"prints {what}, which nobody can see on a page: print plain text"
            yield _fault(snippet, statement.start, message)
            return


def _stderr(snippet, outcome):
    for line in outcome.stderr.strip().splitlines()[:1]:
        # After the last statement, whatever it left behind did.
        at = snippet.statements[-1 if outcome.noisy is None else outcome.noisy].start
        said = "writes to standard error, which is never shown"
        yield _fault(snippet, at, f"{said}: {line[:200]}")


def truth(snippet: Snippet, right: Outcome | None) -> list[Fault]:
    """List the faults of what a wrong snippet says of the right one, whose outcome this is."""
    wrong = snippet.wrong
    if not wrong or right is None:
        return []
    value = value_as_stated(right.values.get(wrong.name, "missing"), wrong.truth)
    if value == wrong.truth:
        return []
    there = f"{snippet.right} has {wrong.name} = {value}"
    message = f"states that {wrong.what} is {wrong.truth}, but {there}"
    return [_fault(snippet, wrong.line, message)]


def _wrong(snippet, outcome, right):
    wrong = snippet.wrong
    if not wrong:
        return
    if wrong.name not in outcome.values:
        yield _fault(snippet, wrong.line, f"has no value '{wrong.name}' to compare")
        return
    actual = value_as_stated(outcome.values[wrong.name], wrong.value)
    if actual != wrong.value:
        message = f"states that {wrong.name} is {wrong.value}, but it is {actual}"
        yield _fault(snippet, wrong.line, message)
    untrue = truth(snippet, right)
    yield from untrue
    if right is not None and not untrue and actual == wrong.value == wrong.truth:
        message = f"is not wrong: {wrong.name} is {actual}, as it should be"
        yield _fault(snippet, wrong.line, message)
