"""What a snippet states against what it did.

One function does the work: ``restate`` rewrites the expectations of a snippet from an
outcome. The snippet is true when that changes nothing; otherwise the difference is the diff
that an author sees, and the new text is what ``update`` writes.
"""

import ast
import difflib
import re
import textwrap

from proofread.fault import INVISIBLE, Fault, Place
from proofread.read.snippet import Alert, Snippet, lines_of, squeeze
from proofread.run.inside.limits import why
from proofread.run.job import Outcome

WIDTH = 92
#: Lines of a difference, and characters of a line, that an author is shown.
LINES, LENGTH = 60, 400


def compare(snippet: Snippet, outcome: Outcome, right: Outcome | None = None) -> list[Fault]:
    """List the faults of a snippet, given its outcome and that of its right twin."""
    if outcome.ended != "done":
        return [_fault(snippet, outcome.line or 1, outcome.detail)]
    return [
        *(_invisible(snippet, outcome) or _expectations(snippet, outcome)),
        *_stderr(snippet, outcome),
        *_wrong(snippet, outcome, right),
    ]


def restate(snippet: Snippet, outcome: Outcome) -> str:
    """Return the snippet's text with its expectations as the outcome has them."""
    lines = lines_of(snippet.text)
    for statement, actual in reversed(
        [*zip(snippet.statements, marks(snippet, outcome), strict=False)]
    ):
        if _stripped_lines(snippet, statement) == actual:
            continue
        place = statement.lines[0] - 1 if statement.lines else statement.end
        for number in reversed(statement.lines):
            del lines[number - 1]
        lines[place:place] = actual
    return "\n".join(lines) + ("\n" if snippet.text.endswith("\n") else "")


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


def _fault(snippet, line, message, **details):
    return Fault(Place(snippet.path, line), message, **details)


def _expectations(snippet, outcome):
    restated = restate(snippet, outcome)
    # Trailing white space is not part of what is stated.
    before, after = _stripped(snippet.text), _stripped(restated)
    if before == after:
        return []
    index, message = _first_difference(snippet, outcome)
    statement = snippet.statements[index]
    line = statement.lines[0] if statement.lines else statement.end
    if (error := outcome.raised_by(index)) and not snippet.raises:
        line = error.line
    diff, accept = _diff(before, after), _accept(snippet, outcome)
    return [_fault(snippet, line, message, diff=diff, accept=accept)]


def _invisible(snippet, outcome):
    """Find output that cannot be stated, because nobody would see it."""
    for statement, output in zip(snippet.statements, outcome.outputs, strict=False):
        if found := INVISIBLE.search(output.replace("\r\n", "\n")):
            what = "bytes that are not UTF-8" if found[0] == "\ufffd" else ascii(found[0])
            message = f"prints {what}, which nobody can see on a page: print plain text"
            return [_fault(snippet, statement.start, message)]
    return []


def _stripped(text):
    return [line.rstrip() for line in lines_of(text)]


def _accept(snippet, outcome):
    if outcome.error and outcome.error.statement < len(snippet.statements) - 1:
        return ""  # Nothing after the exception ran: there is nothing to accept.
    return f"make update WHAT={snippet.path}"


def _diff(before, after):
    lines = [*difflib.unified_diff(before, after, "stated", "actual", n=1, lineterm="")]
    shown = [line if len(line) <= LENGTH else f"{line[:LENGTH]} …" for line in lines[:LINES]]
    more = [f"… and {len(lines) - LINES} lines more"] if len(lines) > LINES else []
    return "\n".join(shown + more)


def _first_difference(snippet, outcome):
    for index, statement in enumerate(snippet.statements[: len(outcome.outputs)]):
        error = outcome.raised_by(index)
        stated = next((a for a in statement.alerts if not a.is_warning), None)
        if error and not (stated and stated.matches(error.kind, error.message)):
            raised = str(Alert(error.kind, squeeze(error.message)))
            nothing = "" if stated else " (nothing stated)"
            limit = f"; {why(raised)}".removesuffix("; ")
            return index, f"raises {raised[:200]}{nothing}{limit}"
        if stated and not error:
            return index, f"states {stated.kind}, but nothing was raised"
        if [line.rstrip() for line in statement.output] != _output(outcome, index):
            return index, "prints something else than it states"
        if not _alerts_match(statement, outcome, index):
            return index, "warns of something else than it states"
        if _stripped_lines(snippet, statement) != _marks(statement, outcome, index):
            return index, "states what happens, but not in the usual form"
    raise AssertionError("no difference")


def _stripped_lines(snippet, statement):
    """The lines that state something of a statement."""
    lines = lines_of(snippet.text)
    return [lines[number - 1].rstrip() for number in statement.lines]


def _marks(statement, outcome, index):
    """The expectation lines that would be true of statement ``index``."""
    output = [f"#> {line}".rstrip() for line in _output(outcome, index)]
    return output + _alert_lines(statement, outcome, index)


def marks(snippet: Snippet, outcome: Outcome) -> list[list[str]]:
    """Return what each statement that ran printed, warned of and raised, as it would be stated."""
    statements = snippet.statements[: len(outcome.outputs)]
    return [_marks(statement, outcome, index) for index, statement in enumerate(statements)]


def _output(outcome, index):
    return [line.rstrip() for line in outcome.outputs[index].splitlines()]


def _alerts(outcome, index):
    found = [warned for warned in outcome.warnings if warned.statement == index]
    return [(one.kind, one.message) for one in (*found, outcome.raised_by(index)) if one]


def _alerts_match(statement, outcome, index):
    actual = _alerts(outcome, index)
    return len(actual) == len(statement.alerts) and all(
        stated.matches(*alert) for stated, alert in zip(statement.alerts, actual, strict=True)
    )


def _alert_lines(statement, outcome, index):
    if _alerts_match(statement, outcome, index):
        return list(statement.alert_lines)
    lines = []
    for kind, message in _alerts(outcome, index):
        stated = next((a for a in statement.alerts if a.matches(kind, message)), None)
        lines += textwrap.wrap(
            str(stated or Alert(kind, _stable(squeeze(message)))),
            WIDTH,
            initial_indent="#! ",
            subsequent_indent="#!   ",
            break_long_words=False,
            break_on_hyphens=False,
        )
    return lines


def _stable(message):
    """Drop what differs from one build of PyTorch to the next."""
    return re.sub(r"\(Triggered internally at [^)]*\)", "(Triggered internally at ...)", message)


def _stderr(snippet, outcome):
    said = "writes to standard error, which is never shown"
    lines = outcome.stderr.strip().splitlines()
    # After the last statement, whatever it left behind did.
    at = -1 if outcome.noisy is None else outcome.noisy
    return [
        _fault(snippet, snippet.statements[at].start, f"{said}: {line[:200]}") for line in lines[:1]
    ]


def _wrong(snippet, outcome, right):
    wrong = snippet.wrong
    if not wrong:
        return []
    if wrong.name not in outcome.values:
        return [_fault(snippet, wrong.line, f"has no value '{wrong.name}' to compare")]
    problems = []
    actual = value_as_stated(outcome.values[wrong.name], wrong.value)
    if actual != wrong.value:
        problems.append(f"states that {wrong.name} is {wrong.value}, but it is {actual}")
    if right is None:
        return [_fault(snippet, wrong.line, problem) for problem in problems]
    truth = value_as_stated(right.values.get(wrong.name, "missing"), wrong.truth)
    if truth != wrong.truth:
        there = f"{snippet.right} has {wrong.name} = {truth}"
        problems.append(f"states that {wrong.what} is {wrong.truth}, but {there}")
    if not problems and actual == truth:
        problems.append(f"is not wrong: {wrong.name} is {actual}, as it should be")
    return [_fault(snippet, wrong.line, problem) for problem in problems]
