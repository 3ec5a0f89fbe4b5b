"""A snippet as plain Markdown that needs no engine.

Any generator can build it, and pytest-codeblocks, which knows nothing of this package, can run it:
with ``tested``, each block is followed by what it prints, in the form that it checks.
"""

from proofread.judge.verdict import Verdict
from proofread.read.page import fence
from proofread.run.inside.limits import TIMEOUT

#: pytest-codeblocks silences warnings, has no module for TorchScript to name, no file of its own to
#: start processes from or to read, none beside it, and runs each section anew with all that is
#: above it. It skips what needs these, or is slow.
ALONE = ("get_context(", "catch_warnings(", "inspect.getsource(", "@torch.jit.script")


def block(piece, verdict: Verdict, tested: bool) -> str:
    """Write an include; with ``tested``, also pytest-codeblocks' marks, and the output."""
    snippet, indent = verdict.snippet, piece.indent
    first, last = snippet.span(piece.section)
    blocks = []
    if verdict.reason:
        blocks.append(f"{indent}*Recorded on {snippet.recorded}, not run in this build.*\n\n")
    if tested:
        # The site's frame has this name, and pages link to it.
        blocks.append(f'{indent}<a id="{piece.anchor}"></a>\n\n')
        blocks += _marks(snippet, verdict, indent, first, last)
    blocks.append(fence(indent, "python", snippet.code(first, last)))
    ran = zip(snippet.statements, verdict.outcome.outputs if verdict.outcome else (), strict=False)
    printed = "".join(output for statement, output in ran if statement.end <= last)
    if tested and printed and not snippet.raises:
        blocks.append(f"\n{indent}<!--pytest-codeblocks:expected-output-->\n")
        blocks.append(fence(indent, "text", printed))
    return "".join(blocks)


def _marks(snippet, verdict, indent, first, last):
    """What pytest-codeblocks is told above a block, and the code that runs before it, unseen."""
    if verdict.reason:
        yield f'{indent}<!--pytest.mark.skip(reason="{verdict.reason}")-->\n'
    elif snippet.uses or (snippet.timeout or 0) > TIMEOUT.value or _is_alone(snippet):
        yield f'{indent}<!--pytest.mark.skip(reason="slow, or needs a process or a file")-->\n'
    elif snippet.raises and last >= snippet.statements[-1].start:
        yield f"{indent}<!--pytest.mark.xfail(strict=True, raises=RuntimeError)-->\n"
    hidden = snippet.code(snippet.span()[0], first - 1)
    if hidden.strip():
        yield f"{indent}<!--\n{fence(indent, 'python', hidden)}{indent}-->\n"
        yield f"{indent}<!--pytest-codeblocks:cont-->\n"


def _is_alone(snippet):
    return any(word in snippet.text for word in ALONE)
