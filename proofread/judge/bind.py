"""Values, figures and graphs of snippets, for the places on pages that name them."""

import difflib

from proofread.fault import FaultError
from proofread.judge.graph import Subgraph
from proofread.read.page import Bound, fill, format_value


def bound_text(piece, verdicts, page):
    """Return the text of a bound value. Raises FaultError."""
    verdict = _ran(piece, verdicts, page)
    if piece.value not in verdict.values:
        known = ", ".join(sorted(verdict.values)) or "none"
        message = f"{piece.name} has no value '{piece.value}' (has: {known})"
        raise FaultError(page.path, piece.line, message)
    try:
        return format_value(verdict.values[piece.value], piece.form)
    except (ValueError, TypeError, OverflowError) as error:
        message = f"cannot format {piece.value} as {piece.form!r}: {error}"
        raise FaultError(page.path, piece.line, message) from None


def drawing(piece, verdicts, page):
    """Return the SVG text of a figure. Raises FaultError."""
    figures = _ran(piece, verdicts, page).outcome.figures
    if piece.value not in figures:
        known = ", ".join(sorted(figures)) or "none"
        message = f"{piece.name} has no figure '{piece.value}' (has: {known})"
        raise FaultError(page.path, piece.line, message)
    return figures[piece.value]


def subgraph(piece, verdicts, page):
    """Return the Subgraph of a graph on a page. Raises FaultError."""
    nodes = _ran(piece, verdicts, page).outcome.nodes
    if not nodes:
        message = f"{piece.name} has no autograd graph among its globals, or one too large to draw"
        raise FaultError(page.path, piece.line, message)
    try:
        return Subgraph.below(nodes, piece.roots, piece.saved)
    except KeyError as error:
        known = ", ".join(sorted(name for node in nodes for name in node.names))
        message = f"the graph of {piece.name} has no variable {error} (has: {known})"
        raise FaultError(page.path, piece.line, message) from None


def graph_stated(piece, verdicts, page):
    """Check that a graph has the lines that a page states. Raises FaultError."""
    outline = subgraph(piece, verdicts, page).outline()
    if list(piece.outline) == outline:
        return
    lines = difflib.unified_diff(piece.outline, outline, "stated", "happened", n=1, lineterm="")
    message = f"the graph of {piece.name} is another one"
    accept = f"python -m proofread update {page.path}"
    raise FaultError(page.path, piece.first, message, "\n".join(lines), accept)


def alternative(piece, verdicts, page):
    """Return what a figure shows, in words. Raises FaultError."""
    return fill(piece.alternative, {Bound: lambda value: bound_text(value, verdicts, page)})


def _ran(piece, verdicts, page):
    verdict = verdicts.get(piece.name)
    if verdict is None:
        raise FaultError(page.path, piece.line, f"no such snippet: {piece.name}")
    if verdict.outcome is None or verdict.outcome.ended != "done":
        message = f"{piece.name} has no values: it did not run to an end"
        raise FaultError(page.path, piece.line, message)
    return verdict
