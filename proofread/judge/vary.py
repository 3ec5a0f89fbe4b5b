"""What another run of a snippet gives otherwise: outputs, values on pages, figures."""

import ast
import difflib
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import zip_longest

from proofread.fault import Fault, FaultError, Place
from proofread.judge.bind import Seen
from proofread.judge.compare import marks, value_as_stated
from proofread.judge.verdict import Report, Verdict
from proofread.read.page import Page, Piece, walk
from proofread.read.snippet import Snippet, lines_of
from proofread.run.job import Condition, Outcome

#: Modules that do not tell the time, and draw from generators that are watched, if at all.
STEADY = {
    *("collections", "contextlib", "copy", "dataclasses", "functools", "gc", "itertools", "math"),
    *("matplotlib", "numpy", "operator", "os", "pathlib", "re", "scipy", "sklearn", "tempfile"),
    *("torch", "typing", "warnings", "weakref"),
}
#: Words of code that tell it without an import, put a generator back, make one of their own, or
#: tell what differs from one process to the next.
UNSTEADY = re.compile(
    r"time|\bdate\b|\bos\.(?!environ\b|_exit\b)|stat\("
    r"|fork_rng|(rng|[sg]et|clone)_state|[sg]etstate|seed\(\s*\)|initial_seed|RandomState"
    r"|default_rng(?!\(\d+\))|PCG64|MT19937|Philox|SFC64|SeedSequence|BitGenerator"
    r"|(prefix|suffix)="
    r"|(?<!\.)\b(eval|exec|id|hash|set|frozenset|open)\b|__(import|builtins|dict|hash|subclasses)__"
    r"|\bempty|_empty|resize_|data_ptr|from_file|benchmark|profiler|multiprocessing|distributed"
    r"|(keys|items)\(\) *[-&|^]|[-&|^] *[\w.]+\.(keys|items)\(\)|['\"]/"
    r"|Tensor\(|\.new\(|ndarray\("
)
#: In what a snippet gave: an address, a set of texts, or a name that tempfile makes.
PASSING = re.compile(r" at 0x|\{['\"][^'\"]*['\"][,}]|tmp[a-z0-9_]{8}")
#: How a snippet runs once more that may depend on chance or on the time.
AGAIN = Condition(seed=1, hash_seed=1)
#: What runs once more may be slow, and that is not what is asked.
PATIENCE = 4


def may_vary(snippet: Snippet, outcome: Outcome) -> bool:
    """Tell whether a snippet can depend on chance or on the time; a second run tells if it does."""
    if outcome.ended != "done":
        return False
    given = "".join(map(str, (*outcome.outputs, *outcome.values.values())))
    imported = {module for _, module in snippet.imports}
    if outcome.chance or PASSING.search(given) or not imported <= STEADY:
        return True
    code = (line for line in lines_of(snippet.text) if not line.lstrip().startswith("#"))
    if UNSTEADY.search("\n".join(code)):
        return True
    return any(
        isinstance(node, (ast.Set, ast.SetComp)) for node in ast.walk(ast.parse(snippet.text))
    )


def outputs(snippet: Snippet, usual: Outcome, other: Outcome, how: Condition) -> Iterator[Fault]:
    """Yield a Fault for the first output that differs, and for each figure."""
    if other.ended != usual.ended:
        place = Place(snippet.path, other.line or 1)
        yield Fault(place, f"varies with {how}: {other.detail or other.ended}")
        return
    names = (str(Condition()), str(how))
    both = zip_longest(marks(snippet, usual), marks(snippet, other), fillvalue=[])
    for statement, (before, after) in zip(snippet.statements, both, strict=False):
        if before != after:
            message = f"varies from run to run: other output with {how}{_advice(usual)}"
            diff = "\n".join(difflib.unified_diff(before, after, *names, n=0, lineterm=""))
            yield Fault(Place(snippet.path, statement.start), message, diff)
            return
    if wrong := snippet.wrong:
        before, after = (
            value_as_stated(o.values.get(wrong.name), wrong.value) for o in (usual, other)
        )
        if before != after:
            message = f"{wrong.name} varies: {before}, but {after} with {how}{_advice(usual)}"
            yield Fault(Place(snippet.path, wrong.line), message)
    for name, drawing in usual.figures.items():
        if other.figures.get(name) != drawing:
            message = f"figure '{name}' varies from run to run: another one with {how}"
            yield Fault(Place(snippet.path, 1), message + _advice(usual))


def on_page(
    page: Page, report: Report, verdict: Verdict, other: Outcome, how: Condition
) -> Iterator[Fault]:
    """Yield a Fault for each piece of a page that another outcome of a snippet would change."""
    verdicts = {**report.verdicts, verdict.name: replace(verdict, outcome=other)}
    usual, varied = Seen(page, report), Seen(page, replace(report, verdicts=verdicts))
    for piece in walk(page.pieces):
        # An include shows output, which is compared where it is stated.
        if verdict.name in piece.names and not getattr(piece, "measured", False):
            yield from _differs(piece, usual, varied, how)


def _differs(piece: Piece, usual: Seen, varied: Seen, how: Condition) -> Iterator[Fault]:
    try:
        before = piece.text(usual)
    except FaultError:
        return  # It has a fault of its own.
    try:
        piece.check(varied)
        after = piece.text(varied)
    except FaultError as error:
        yield replace(error.fault, message=f"{error.fault.message} with {how}", accept="")
        return
    if before != after and hasattr(piece, "value"):
        message = f"{piece.value} varies: {before}, but {after} with {how}"
        yield usual.fault(piece.line, message).fault


def _advice(outcome: Outcome) -> str:
    where = f"; line {outcome.chance} draws random numbers before a seed is set"
    return where if outcome.chance else ""
