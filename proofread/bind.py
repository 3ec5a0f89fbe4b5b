"""Values and figures of snippets, for the places on pages that name them."""

from .fault import FaultError
from .page import Bound, fill, format_value


def bound_text(piece, verdicts, page):
    """Return the text of a bound value. Raises FaultError."""
    verdict = _ran(piece, verdicts, page)
    if piece.value not in verdict.values:
        known = ", ".join(verdict.value_names) or "none"
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
