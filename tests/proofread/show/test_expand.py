"""Expanded pages need no engine: pytest-codeblocks, which knows none, agrees with them."""

import io
import re

import pytest
from pytest_codeblocks import extract_from_buffer

FILES = {
    "pyproject.toml": '[dependency-groups]\nelsewhere = ["nowhere>=1"]\n',
    "snippets/output.py": 'print("one\\n\\n  two")\n#> one\n#>\n#>   two\n',
    "snippets/silent.py": "a = 1\n",
    "snippets/error.py": 'print(1)\n#> 1\nraise ValueError("no")\n#! ValueError: no\n',
    "snippets/sections.py": (
        "a = 2\nprint(a)\n#> 2\n"
        "# --8<-- [start:square]\nprint(a * a)\n#> 4\n# --8<-- [end:square]\n"
        "# --8<-- [start:cube]\nb = a**3\nprint(b)\n#> 8\n# --8<-- [end:cube]\n"
    ),
    "snippets/first.py": "# --8<-- [start:a]\nprint(3)\n#> 3\n# --8<-- [end:a]\nb = 2\n",
    "snippets/elsewhere.py": (
        "# requires: nowhere\n# recorded: an H100, torch 2.13.0, 2026-11-01\nimport nowhere\n"
    ),
    "snippets/right.py": "a = 10.0\n",
    "snippets/wrong.py": "# wrong: a is 2.0, the answer is 10.0\n# right: right.py\na = 2.0\n",
    "docs/index.md": """\
# Pages

```python
--8<-- "output.py"
```

```python
--8<-- "silent.py"
```

```python
--8<-- "error.py"
```

=== "A tab"

    ```python
    --8<-- "sections.py:square"
    ```

```python
--8<-- "sections.py:cube"
```

```python
--8<-- "first.py:a"
```

```python
--8<-- "elsewhere.py"
```

```python
--8<-- "right.py"
```

```python
--8<-- "wrong.py"
```

```text
Not Python.
```
""",
}


@pytest.fixture
def page(build, tmp_path):
    """The text of the expanded page, which lies in ``out/``."""
    project = build(FILES)
    report = project.check()
    assert [str(fault) for fault in report.faults] == []
    assert project.expand(tmp_path / "out", report) == 1
    return (tmp_path / "out/index.md").read_text()


@pytest.fixture
def blocks(page):
    """The Python blocks that pytest-codeblocks finds."""
    return [b for b in extract_from_buffer(io.StringIO(page)) if b.syntax == "python"]


def block_of(blocks, end):
    """The one block that ends with this code."""
    (found,) = (block for block in blocks if block.code.endswith(end))
    return found


def test_every_block_is_collected(blocks):
    """There is one block for each include, however it is indented."""
    assert len(blocks) == 9


def test_outputs_are_expected(blocks):
    """What a block prints follows it, as it is printed."""
    assert block_of(blocks, "#>   two\n").expected_output == "one\n\n  two\n"
    assert block_of(blocks, "a = 1\n").expected_output is None


def test_errors_are_strict(blocks):
    """A block that raises is marked: it fails if it does not raise."""
    (mark,) = block_of(blocks, "ValueError: no\n").marks
    assert mark.startswith("pytest.mark.xfail(strict=True")


def test_sections_get_a_hidden_setup(page, blocks):
    """What comes before a section runs unseen, and so its output is expected."""
    square, cube = block_of(blocks, "print(a * a)\n#> 4\n"), block_of(blocks, "#> 8\n")
    assert square.expected_output == "2\n4\n"
    assert cube.expected_output == "2\n4\n8\n"
    assert visible(page).count("a = 2\n") == 0
    assert visible(page).count("print(a * a)") == 1


def test_a_hidden_setup_stays_in_its_place(page):
    """The setup of a block in a tab is in the tab: a line at the margin would end it."""
    tab = page.split('=== "A tab"\n')[1].split("print(a * a)")[0]
    assert [line for line in tab.splitlines() if line and not line.startswith("    ")] == []


def test_a_section_at_the_top_needs_no_setup(page, blocks):
    """A section at the top of the file is shown as it is."""
    assert block_of(blocks, "#> 3\n").code.strip() == "print(3)\n#> 3"
    assert "```python\n\n```" not in page


def test_what_is_hidden_is_told(page):
    """As on the site: how many lines ran that the page has not shown so far."""
    told = re.findall(r"^ *\*(\d+ lines? not shown so far)\.\*$", page, re.MULTILINE)
    assert told == ["2 lines not shown so far"] * 2 + ["1 line not shown so far"]
    assert "\n    *2 lines not shown" in page


def test_what_did_not_run_is_skipped(page, blocks):
    """A block that did not run is marked, and the reader is told where it was recorded."""
    (mark,) = block_of(blocks, "import nowhere\n").marks
    assert mark == 'pytest.mark.skip(reason="needs nowhere")'
    assert "Recorded on an H100, torch 2.13.0, 2026-11-01, not run in this build." in page


def test_what_is_wrong_is_called_wrong(page):
    """A reader of the plain page is warned of wrong code, and told where the right one is."""
    assert "**Wrong:** a is 2.0, the answer is 10.0. Right: `right.py`." in page
    assert "# wrong:" not in page


def test_nothing_of_the_engine_is_left(page):
    """No include and no marker of a section is left."""
    assert "--8<--" not in page


def test_the_second_witness_agrees(page, command, tmp_path):
    """pytest-codeblocks runs each block, and all is as the page says."""
    done = witness(command, tmp_path / "out")
    assert done.returncode == 0, done.stdout
    assert done.stdout.splitlines()[-1].startswith("7 passed, 1 skipped, 1 xfailed")


ALTERED = {
    "an output": ("  two\n```", "  three\n```"),
    "an output of a section": ("2\n4\n8\n", "2\n4\n9\n"),
    "an error that is gone": ('raise ValueError("no")', "b = 2"),
    "a new error": ("a = 1\n", "a = c\n"),
}


@pytest.mark.parametrize(("old", "new"), ALTERED.values(), ids=ALTERED)
def test_the_second_witness_can_disagree(old, new, page, command, tmp_path):
    """A page that was altered does not pass."""
    assert old in page
    (tmp_path / "out/index.md").write_text(page.replace(old, new))
    done = witness(command, tmp_path / "out")
    assert done.returncode == 1
    assert "1 failed" in done.stdout.splitlines()[-1]


def visible(page):
    """The page without its comments."""
    return re.sub(r"<!--.*?-->", "", page, flags=re.DOTALL)


def witness(command, folder):
    """Run pytest-codeblocks over a folder."""
    words = ("pytest", "--codeblocks", "-q", "-p", "no:cacheprovider", "--rootdir", ".", ".")
    return command(*words, cwd=folder)
