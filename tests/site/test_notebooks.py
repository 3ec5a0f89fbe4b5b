"""The notebooks that readers download: whole, without a failing cell, and they run again."""

import os
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

#: So many, the quickest, run again; all of them with ALL_NOTEBOOKS=1.
QUICKEST = 2


@pytest.fixture(scope="module")
def notebooks(site):
    """The notebooks of the built site, by the name of their snippet."""
    root = Path(site, "notebooks")
    found = {}
    for path in sorted(root.rglob("*.ipynb")):
        name = path.parent.relative_to(root).with_suffix(".py").as_posix()
        found[name] = nbformat.read(path, as_version=4)
    return found


def said(notebook):
    """What each cell of code prints."""
    return [
        "".join(output.text for output in cell.outputs if output.output_type == "stream")
        for cell in notebook.cells
        if cell.cell_type == "code"
    ]


def test_each_notebook_is_whole(notebooks):
    """Valid, with every cell executed in order, and none that failed."""
    assert len(notebooks) >= 8
    for name, notebook in notebooks.items():
        nbformat.validate(notebook)
        code = [cell for cell in notebook.cells if cell.cell_type == "code"]
        assert [cell.execution_count for cell in code] == [*range(1, len(code) + 1)], name
        kinds = {output.output_type for cell in code for output in cell.outputs}
        assert kinds <= {"stream", "display_data"}, name
        assert any(said(notebook)), name


def test_they_run_again_with_the_same_outputs(notebooks, report, monkeypatch, tmp_path):
    """In a kernel of Jupyter, as a reader would; what they assert is asserted again."""
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    names = sorted(notebooks, key=lambda name: report.verdicts[name].outcome.seconds)
    for name in names if os.environ.get("ALL_NOTEBOOKS") else names[:QUICKEST]:
        again = nbformat.from_dict(notebooks[name])
        before = said(again)
        for used, text in report.verdicts[name].snippet.beside.items():
            Path(tmp_path, Path(used).name).write_text(text, encoding="utf-8")
        NotebookClient(again, timeout=600, resources={"metadata": {"path": tmp_path}}).execute()
        assert said(again) == before, name
