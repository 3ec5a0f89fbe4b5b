"""A percent-format snippet and its outcome -> an executed notebook.

A line ``# %%`` starts a cell of code and ``# %% [markdown]`` one of text, as in Jupytext and
editors. What a cell printed, and the figures that it made, are its outputs.
"""

import ast
import re
from itertools import pairwise

import nbformat
from nbformat import v4

from proofread.read.snippet import CELL, MARKER, lines_of

KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def notebook(snippet, outcome, alternatives):
    """Return the executed notebook as nbformat's JSON text.

    ``alternatives`` tells for each figure's name what it shows.
    """
    lines, cells = lines_of(snippet.text), []
    starts = [number for number, line in enumerate(lines, 1) if CELL.match(line)]
    for start, end in pairwise([*starts, len(lines) + 1]):
        name, inside = f"cell-{len(cells) + 1}", range(start + 1, end)
        if CELL.match(lines[start - 1])["markdown"]:
            text = "\n".join(re.sub(r"^# ?", "", lines[number - 1]) for number in inside)
            cells.append(v4.new_markdown_cell(text.strip(), id=name))
        else:
            stated = {number for statement in snippet.statements for number in statement.lines}
            kept = [lines[number - 1] for number in inside if number not in stated]
            text = "\n".join(line for line in kept if not MARKER.match(line)).strip("\n")
            outputs = [*_outputs(inside, text, snippet, outcome, alternatives)]
            cells.append(v4.new_code_cell(text, id=name, outputs=outputs))
    for count, cell in enumerate((c for c in cells if c.cell_type == "code"), 1):
        cell.execution_count = count
    made = v4.new_notebook(cells=cells, metadata={"kernelspec": KERNEL})
    nbformat.validate(made)
    return nbformat.writes(made) + "\n"


def _outputs(inside, text, snippet, outcome, alternatives):
    """Yield what the statements on these lines printed, and the figures that they name."""
    pairs = zip(snippet.statements, outcome.outputs, strict=False)
    printed = "".join(output for statement, output in pairs if statement.start in inside)
    if printed:
        yield v4.new_output("stream", name="stdout", text=printed)
    nodes = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)]
    names = {node.id for node in nodes if isinstance(node.ctx, ast.Store)}
    for name, svg in outcome.figures.items():
        if name in names:
            data = {"image/svg+xml": svg, "text/plain": f"<Figure {name}>"}
            about = {"image/svg+xml": {"alt": alternatives.get(name, name)}}
            yield v4.new_output("display_data", data=data, metadata=about)
