"""A percent-format snippet and its outcome -> an executed notebook.

A line ``# %%`` starts a cell of code and ``# %% [markdown]`` one of text, as in Jupytext and
editors. What a cell printed, and the figures that it made, are its outputs.
"""

import ast
import re

import nbformat
from nbformat import v4

from proofread.read.snippet import CELL, MARKER, lines_of

KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def notebook(snippet, outcome, alternatives):
    """Return the executed notebook as nbformat's JSON text.

    ``alternatives`` tells for each figure's name what it shows.
    """
    cells = [
        _cell(number, *cell, snippet, outcome, alternatives)
        for number, cell in enumerate(_split(snippet), 1)
    ]
    made = v4.new_notebook(cells=cells, metadata={"kernelspec": KERNEL})
    for count, cell in enumerate((c for c in cells if c.cell_type == "code"), 1):
        cell.execution_count = count
    nbformat.validate(made)
    return nbformat.writes(made) + "\n"


def _split(snippet):
    """Yield (is it Markdown, first line, last line) of each cell."""
    lines = lines_of(snippet.text)
    starts = [number for number, line in enumerate(lines, 1) if CELL.match(line)]
    for start, end in zip(starts, [*starts[1:], len(lines) + 1], strict=True):
        yield bool(CELL.match(lines[start - 1])["markdown"]), start + 1, end - 1


def _cell(number, markdown, first, last, snippet, outcome, alternatives):
    lines = lines_of(snippet.text)[first - 1 : last]
    name = f"cell-{number}"
    if markdown:
        text = "\n".join(re.sub(r"^# ?", "", line) for line in lines)
        return v4.new_markdown_cell(text.strip(), id=name)
    stated = {line for statement in snippet.statements for line in statement.lines}
    kept = [
        line for at, line in enumerate(lines, first) if at not in stated and not MARKER.match(line)
    ]
    outputs = _outputs(first, last, lines, snippet, outcome, alternatives)
    return v4.new_code_cell("\n".join(kept).strip("\n"), id=name, outputs=outputs)


def _outputs(first, last, lines, snippet, outcome, alternatives):
    pairs = zip(snippet.statements, outcome.outputs, strict=False)
    text = "".join(output for statement, output in pairs if first <= statement.start <= last)
    outputs = [v4.new_output("stream", name="stdout", text=text)] if text else []
    names = {
        node.id
        for node in ast.walk(ast.parse("\n".join(lines)))
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    for name, svg in outcome.figures.items():
        if name in names:
            data = {"image/svg+xml": svg, "text/plain": f"<Figure {name}>"}
            about = {"image/svg+xml": {"alt": alternatives.get(name, name)}}
            outputs.append(v4.new_output("display_data", data=data, metadata=about))
    return outputs
