"""A snippet in cells becomes an executed notebook."""

import json

import nbformat

from proofread.read.snippet import is_notebook
from proofread.show.notebook import notebook

CELLS = """\
# timeout: 60
# %% [markdown]
# # The title
#
# With $a = 2$.
# %%
import matplotlib.pyplot as plt

a = 2
print(a)
#> 2

# %% The curve
# --8<-- [start:plot]
for k in range(2):
    print(k * a)
#> 0
#> 2
curve, axes = plt.subplots()
# --8<-- [end:plot]
"""


def executed(build, text=CELLS):
    """Run a text and return its notebook."""
    project = build({"snippets/x.py": text})
    verdict = project.check(["snippets"]).verdicts["x.py"]
    assert verdict.faults == ()
    made = notebook(verdict.snippet, verdict.outcome, {"curve": "It falls"})
    return nbformat.reads(made, as_version=4)


def test_only_a_snippet_with_cells_is_a_notebook(build):
    """A plain snippet is none."""
    project = build({"snippets/x.py": CELLS, "snippets/y.py": "a = 1\n"})
    assert is_notebook(project.verifier.load("x.py"))
    assert not is_notebook(project.verifier.load("y.py"))


def test_cells_are_text_and_code_without_expectations(build):
    """Text loses its comment signs; code loses what is asserted, which its output shows."""
    text, first, second = executed(build).cells
    assert (text.cell_type, text.source) == ("markdown", "# The title\n\nWith $a = 2$.")
    assert first.source == "import matplotlib.pyplot as plt\n\na = 2\nprint(a)"
    assert second.source == ("for k in range(2):\n    print(k * a)\ncurve, axes = plt.subplots()")


def test_outputs_are_what_happened(build):
    """Each cell carries what it printed, and the figure that it made with its description."""
    _, first, second = executed(build).cells
    assert [output.text for output in first.outputs] == ["2\n"]
    printed, figure = second.outputs
    assert printed.text == "0\n2\n"
    assert figure.data["image/svg+xml"].lstrip().startswith("<?xml")
    assert figure.metadata["image/svg+xml"]["alt"] == "It falls"
    assert (first.execution_count, second.execution_count) == (1, 2)


def test_the_same_run_gives_the_same_text(build):
    """Nothing random or dated is in it, so that what is made of it can be cached."""
    project = build({"snippets/x.py": CELLS})
    verdicts = [project.check(["snippets"], use_cache=False).verdicts["x.py"] for _ in range(2)]
    one, other = (notebook(v.snippet, v.outcome, {}) for v in verdicts)
    assert one == other
    assert json.loads(one)["metadata"]["kernelspec"]["language"] == "python"
