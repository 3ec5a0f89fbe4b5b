"""A page and its snippets' verdicts -> Markdown that needs no engine.

Any generator can build it, and pytest-codeblocks, which knows nothing of this package, can run
it: each block is followed by what it prints, in the form that it checks.
"""

from proofread.judge.bind import alternative, bound_text
from proofread.read.page import Bound, Figure, Graph, Include, Listing, fence
from proofread.show.lists import listing

#: pytest-codeblocks silences warnings, has no file of its own to start processes from, and runs
#: each section anew with all that is above it. So it skips what needs these, or is slow (seconds).
SLOW = 1.0
ALONE = ("get_context(", "catch_warnings(")


def plain(page, report):
    """Expand a page to Markdown that needs no engine.

    Each block is followed by what it prints, in the form that pytest-codeblocks checks. Figures
    are links to files; ``figure_file`` names them.
    """
    verdicts = report.verdicts

    def figure(piece):
        text = alternative(piece, verdicts, page)
        return f"{piece.indent}![{text}]({figure_file(piece)})"

    return page.expand(
        {
            Include: lambda piece: plain_block(piece, verdicts[piece.name]),
            Bound: lambda piece: bound_text(piece, verdicts, page),
            Figure: figure,
            Graph: lambda piece: fence(piece.indent, "text", graph_text(piece)),
            Listing: lambda piece: listing(piece, page, report),
        }
    )


def graph_text(piece):
    """Write a graph as text: what it shows, and its lines."""
    return "\n".join([piece.caption, "", *piece.outline])


def figure_file(piece):
    """Name the file, beside the page, that holds a figure of an expanded page."""
    return f"{piece.anchor}.svg"


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
    elif verdict.outcome and (
        verdict.outcome.seconds > SLOW or any(word in snippet.text for word in ALONE)
    ):
        blocks.append(
            f'{indent}<!--pytest.mark.skip(reason="slow, or needs a process of its own")-->\n'
        )
    elif snippet.raises and last >= snippet.statements[-1].start:
        blocks.append(f"{indent}<!--pytest.mark.xfail(strict=True, raises=RuntimeError)-->\n")
    hidden = snippet.code(snippet.span()[0], first - 1)
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
