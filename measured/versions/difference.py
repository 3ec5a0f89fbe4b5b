"""What a snippet states against what it did elsewhere -> one difference, the gravest, or none."""

import math
import re
import tomllib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from measured.kit import shortened
from proofread.judge.compare import compare, value_as_stated
from proofread.read.snippet import squeeze


class Kind(NamedTuple):
    """A way to differ, as ``kinds.toml`` describes it."""

    says: str
    column: str
    sentence: str = ""


_TEXT = Path(__file__).with_name("kinds.toml").read_text(encoding="utf-8")
#: From the gravest to the slightest.
KINDS = {name: Kind(**kind) for name, kind in tomllib.loads(_TEXT).items()}
#: A number in what a snippet prints.
NUMBER = re.compile(r"(?<![\w.])[-+]?\d+(?:\.\d*)?(?:e[-+]?\d+)?(?!\w)")
#: Numbers that differ by less differ in rounding.
CLOSE = {"rel_tol": 1e-3, "abs_tol": 1e-6}
#: What is raised where a name, an argument or a kernel is missing. The last but one: a
#: Function without ctx in its forward(), as setup_context makes possible.
LACKS = re.compile(
    r"(?:RuntimeError: )*(?:"
    r"AttributeError: .* has no attribute"
    r"|ImportError: |ModuleNotFoundError: "
    r"|TypeError: .*(?:unexpected|invalid) keyword argument"
    r'|"\w+" not implemented for'
    r"|TypeError: \w+\.forward\(\) takes \d+ positional"
    r"|Python 3\.\d+\+ not yet supported for torch\.compile)"
)
#: What a message tells of the machine: where C++ called Python, and where files are.
MACHINE = ((re.compile(r" At: .*"), ""), (re.compile(r"(?<![\w.:/])/(?:[\w.+-]+/)+"), ".../"))
#: Some versions print who is connected before a snippet with several processes says anything.
CHATTER = "[Gloo]"
LONGEST = 1500


@dataclass(frozen=True)
class Difference:
    """How a snippet differs in another version."""

    name: str
    #: Of the text that ran, to know when it has changed since.
    sha256: str
    line: int
    kind: str
    stated: str
    got: str


def difference(snippet, outcome, truths=()):
    """Return the gravest Difference of a snippet, or None.

    ``truths`` are the (name, truth) that snippets which do it wrong state of this one.
    """
    gravity = list(KINDS)
    differences = sorted(_differences(snippet, outcome, truths), key=lambda d: gravity.index(d[0]))
    if not differences:
        return None
    kind, line, *texts = differences[0]
    return Difference(snippet.name, snippet.digest[:16], line, kind, *map(_short, texts))


def _differences(snippet, outcome, truths):
    """Yield (kind, line, stated, got)."""
    # What C++ writes to standard error is not shown on the site, and differs from build to build.
    outcome = replace(outcome, stderr="")
    if outcome.ended != "done":
        yield "ended", 1, "", outcome.detail
        return
    if not compare(snippet, outcome) and not truths:
        return
    error, stated = outcome.error, snippet.raises
    expected = bool(stated) and len(outcome.outputs) == len(snippet.statements)
    if error and not (expected and stated.matches(error.kind, error.message)):
        said = _text(error)
        kind = "lacks" if LACKS.match(said) else "message" if expected else "raises"
        yield kind, error.line, _text(stated) if stated else "", said
    elif stated and not error:
        yield "silent", snippet.statements[-1].start, _text(stated), outcome.outputs[-1].strip()
    if not error:
        yield from _answers(snippet, outcome, truths)
    for index, statement in enumerate(snippet.statements[: len(outcome.outputs)]):
        if not outcome.raised_by(index):
            yield from _printed(statement, outcome.outputs[index])
        yield from _warned(statement, [w for w in outcome.warnings if w.statement == index])


def _answers(snippet, outcome, truths):
    """What is silently wrong in one version only."""
    wrong, values = snippet.wrong, outcome.values
    known = wrong and wrong.name in values
    if known and value_as_stated(values[wrong.name], wrong.value) != wrong.value:
        got = value_as_stated(values[wrong.name], wrong.truth)
        kind, name = "right" if got == wrong.truth else "value", wrong.name
        yield kind, wrong.line, f"{name} is {wrong.value}", f"{name} is {got}"
    for name, truth in truths:
        got = value_as_stated(values.get(name, "missing"), truth)
        if got != truth:
            kind = "digits" if _same_but_digits(truth, got) else "wrong"
            yield kind, 1, f"{name} is {truth}", f"{name} is {got}"


def _printed(statement, output):
    got = [line.rstrip() for line in output.splitlines()]
    stated = [line.rstrip() for line in statement.output]
    if got and got[0].startswith(CHATTER) and got[-len(stated) :] == stated:
        return
    if got != stated:
        before, after = "\n".join(stated), "\n".join(got)
        kind = "digits" if _same_but_digits(before, after) else "value"
        yield kind, statement.start, before, after


def _warned(statement, got):
    stated = [alert for alert in statement.alerts if alert.is_warning]

    def fits(alert, one):
        return alert.matches(one.kind, one.message)

    if len(got) == len(stated) and all(map(fits, stated, got)):
        return
    new = [one for one in got if not any(fits(alert, one) for alert in stated)]
    gone = [alert for alert in stated if not any(fits(alert, one) for one in got)]
    kind = "message" if new and gone else "warns" if len(got) > len(stated) else "quiet"
    yield kind, statement.start, *("\n".join(map(_text, some)) for some in (gone, new))


def _same_but_digits(before, after):
    """Tell whether two texts are the same but for numbers that are all but equal."""
    if NUMBER.sub("0", before) != NUMBER.sub("0", after):
        return False
    pairs = zip(NUMBER.findall(before), NUMBER.findall(after), strict=True)
    return all(math.isclose(float(one), float(other), **CLOSE) for one, other in pairs)


def _text(one):
    """Write an exception or a warning, stated or given, in one line."""
    return f"{one.kind}: {squeeze(one.message)}" if one.message else one.kind


def _short(text):
    """Leave out what tells of the machine, and what is too long to read."""
    for pattern, rest in MACHINE:
        text = pattern.sub(rest, text)
    return shortened(text, LONGEST, " ...")
