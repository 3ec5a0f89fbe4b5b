"""The file for the reader's machine: what holds, what differs, and where to report it."""

import subprocess
import sys

import pytest

from pipeline import machine


def example(text, states, raises="", page="pitfalls/sample/"):
    return {"page": page, "text": text, "states": states, "raises": raises}


TRUE = example("import torch\nx = torch.ones(2)\nprint(x.sum().item())\n", [[], [], ["2.0"]])
RAISED = example("import torch\ntorch.ones(2).backward()\n", [[], []], "RuntimeError: ...")
BROKEN = {
    "prints": {**TRUE, "states": [[], [], ["3.0"]]},
    "raises": {**TRUE, "text": "import torch\nx = nothing\nprint(2)\n"},
    "message": {**RAISED, "raises": "RuntimeError: another"},
    "silent": {**TRUE, "raises": "ValueError: no"},
    "ends": {**TRUE, "text": "import os\nos._exit(3)\nprint(2.0)\n"},
}
SAYS = {
    "prints": "line 3 prints '2.0', stated is '3.0'",
    "raises": "line 2 raises NameError: name 'nothing' is not defined",
    "message": "line 2 raises RuntimeError: ",
    "silent": "does not raise ValueError: no",
    "ends": "ended with code 3",
}


def said(folder, examples, *words, repository="https://example.org/us"):
    file = folder / machine.FILE
    file.write_text(machine.filled(examples, "https://example.org/", repository), encoding="utf-8")
    command = [sys.executable, str(file), *words]
    return subprocess.run(command, capture_output=True, text=True, cwd=folder, timeout=300)


def test_what_holds_holds(tmp_path):
    """An output and an exception; nothing is to be reported, and nothing is left behind."""
    done = said(tmp_path, {"a.py": TRUE, "b.py": RAISED})
    assert "pitfalls/sample/: 2 of 2 hold\n" in done.stdout, done.stderr
    assert "2 of 2 hold with your PyTorch." in done.stdout and "report" not in done.stdout
    assert [path.name for path in tmp_path.iterdir()] == [machine.FILE]


@pytest.mark.parametrize("broken", BROKEN)
def test_a_statement_that_is_broken_is_named(tmp_path, broken):
    """With the page, the line, both texts, and a link that reports it."""
    done = said(tmp_path, {"right.py": TRUE, f"{broken}.py": BROKEN[broken]})
    assert "pitfalls/sample/: 1 of 2 hold\n" in done.stdout, done.stderr
    assert f"    {broken}.py: {SAYS[broken]}" in done.stdout
    assert "right.py" not in done.stdout
    assert "https://example.org/us/issues/new?title=" in done.stdout
    assert f"{broken}.py" in done.stdout.rpartition("body=")[2]


def test_words_choose_pages(tmp_path):
    """By their address; words of no page are an error in one line."""
    other = {**BROKEN["prints"], "page": "recipes/other/"}
    done = said(tmp_path, {"a.py": TRUE, "b.py": other}, "pitfalls")
    assert "1 of 1 hold with your PyTorch." in done.stdout
    done = said(tmp_path, {"a.py": TRUE}, "nowhere")
    assert done.returncode == 1
    assert done.stderr == "no page has nowhere in its address\n"


def test_the_build_writes_it_with_what_a_page_shows(small):
    """The snippets of the small site, each with its page."""
    text = (small / "site" / machine.FILE).read_text(encoding="utf-8")
    assert '"one.py": {"page": ""' in text and '"two.py": {"page": "guide/other/"' in text
    done = subprocess.run(
        [sys.executable, small / "site" / machine.FILE], capture_output=True, text=True, timeout=300
    )
    assert "2 of 2 hold with your PyTorch." in done.stdout, done.stderr
