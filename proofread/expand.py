"""A page and its snippets' verdicts -> Markdown that needs no engine.

Any generator can build it, and pytest-codeblocks, which knows nothing of this package, can run
it: each block is followed by what it prints, in the form that it checks.
"""

from .fault import FaultError
from .page import fence, format_value


def bound_text(piece, verdicts, page):
    """Return the text of a bound value. Raises FaultError."""
    verdict = verdicts.get(piece.name)
    if verdict is None:
        raise FaultError(page.path, piece.line, f"no such snippet: {piece.name}")
    if verdict.outcome is None or verdict.outcome.ended != "done":
        message = f"{piece.name} has no values: it did not run to an end"
        raise FaultError(page.path, piece.line, message)
    if piece.value not in verdict.values:
        known = ", ".join(verdict.value_names) or "none"
        message = f"{piece.name} has no value '{piece.value}' (has: {known})"
        raise FaultError(page.path, piece.line, message)
    try:
        return format_value(verdict.values[piece.value], piece.form)
    except ValueError as error:
        message = f"cannot format {piece.value} as {piece.form!r}: {error}"
        raise FaultError(page.path, piece.line, message) from None


def plain(page, verdicts):
    """Expand a page to Markdown that needs no engine.

    Each block is followed by what it prints, in the form that pytest-codeblocks checks.
    """
    return page.expand(
        lambda piece: plain_block(piece, verdicts[piece.name]),
        lambda piece: bound_text(piece, verdicts, page),
    )


def plain_block(piece, verdict):
    """Write one include as plain Markdown with pytest-codeblocks' marks."""
    snippet, indent = verdict.snippet, piece.indent
    first, last = snippet.span(piece.section)
    blocks = []
    if snippet.wrong:
        blocks.append(f"{indent}**Wrong:** {snippet.wrong}. Right: `{snippet.right}`.\n\n")
    if verdict.reason:
        blocks.append(f"{indent}*Recorded on {snippet.recorded}, not run in this build.*\n\n")
        blocks.append(f'{indent}<!--pytest.mark.skip(reason="{verdict.reason}")-->\n')
    if snippet.raises and last >= snippet.statements[-1].start:
        blocks.append(f"{indent}<!--pytest.mark.xfail(strict=True, raises=RuntimeError)-->\n")
    hidden = snippet.code(snippet.header + 1, first - 1)
    if hidden.strip():
        # What comes before the section runs too, unseen.
        hidden = fence(indent, "python", hidden)
        blocks.append(f"{indent}<!--\n{hidden}{indent}-->\n")
        blocks.append(f"{indent}<!--pytest-codeblocks:cont-->\n")
    blocks.append(fence(indent, "python", snippet.code(first, last)))
    outputs = zip(
        snippet.statements, verdict.outcome.outputs if verdict.outcome else (), strict=False
    )
    printed = "".join(output for statement, output in outputs if statement.end <= last)
    if printed and not snippet.raises:
        blocks.append(f"\n{indent}<!--pytest-codeblocks:expected-output-->\n")
        blocks.append(fence(indent, "text", printed))
    return "".join(blocks)
