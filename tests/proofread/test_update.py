"""``update`` rewrites what snippets state, and nothing else."""

import pytest

PAIRS = {
    "a wrong digit": ("print(2 + 2)\n#> 5\n", "print(2 + 2)\n#> 4\n"),
    "nothing stated": ("a = 4\nprint(a)\nb = 5\n", "a = 4\nprint(a)\n#> 4\nb = 5\n"),
    "too much stated": ("a = 4\n#> 4\nb = 5\n", "a = 4\nb = 5\n"),
    "more lines than stated": (
        "for i in range(2):\n    print(i)\n#> 0\n\nprint(2)\n#> 2\n",
        "for i in range(2):\n    print(i)\n#> 0\n#> 1\n\nprint(2)\n#> 2\n",
    ),
    "an empty line": ("print('a\\n')\n", "print('a\\n')\n#> a\n#>\n"),
    "everything around": (
        "# timeout: 10\n# A comment.\n\n\nprint(1)  # one\n# Another one.\n#> 2\n\n# The end.\n\n",
        "# timeout: 10\n# A comment.\n\n\nprint(1)  # one\n# Another one.\n#> 1\n\n# The end.\n\n",
    ),
    "a section": (
        "# --8<-- [start:a]\nprint(1)\n# --8<-- [end:a]\n",
        "# --8<-- [start:a]\nprint(1)\n#> 1\n# --8<-- [end:a]\n",
    ),
    "a statement over several lines": (
        "print(\n    1,\n    2,\n)\n\na = 3\n",
        "print(\n    1,\n    2,\n)\n#> 1 2\n\na = 3\n",
    ),
    "strings with marks": (
        'text = """\n#> text   \n"""\nprint(1)\n#> 2\n',
        'text = """\n#> text   \n"""\nprint(1)\n#> 1\n',
    ),
    "another error": (
        "a = {}\na['b']\n#! IndexError: b\n",
        "a = {}\na['b']\n#! KeyError: 'b'\n",
    ),
    "an error that is gone": ("a = 1\n#! ValueError: no\n", "a = 1\n"),
    "an error that came": ("1 / 0\n", "1 / 0\n#! ZeroDivisionError: division by zero\n"),
    "a long message": (
        f"raise ValueError('{'word ' * 30}')\n",
        f"raise ValueError('{'word ' * 30}')\n#! ValueError:{' word' * 15}\n#!  {' word' * 15}\n",
    ),
    "a warning": (
        "import warnings\n\nwarnings.warn('old')\n#! UserWarning: new\nprint(1)\n#> 1\n",
        "import warnings\n\nwarnings.warn('old')\n#! UserWarning: old\nprint(1)\n#> 1\n",
    ),
    "a wildcard that is true": (
        "print(1)\n#> 2\nraise ValueError('at 0x12 in memory')\n#! ValueError: at ... in memory\n",
        "print(1)\n#> 1\nraise ValueError('at 0x12 in memory')\n#! ValueError: at ... in memory\n",
    ),
    "a wildcard beside a wrong line": (
        "print(1)\nimport warnings\nwarnings.warn('at 0x12')\n#> 2\n#! UserWarning: at ...\n",
        "print(1)\n#> 1\nimport warnings\nwarnings.warn('at 0x12')\n#! UserWarning: at ...\n",
    ),
    "a wildcard that is not true": (
        "raise ValueError('at 0x12')\n#! ValueError: in ...\n",
        "raise ValueError('at 0x12')\n#! ValueError: at 0x12\n",
    ),
    "a mark that touches its text": ("print(1)\n#>1\n", "print(1)\n#> 1\n"),
    "a line separator in a string": (
        "text = 'a\u2028b'\nprint(1)\n#> 2\n",
        "text = 'a\u2028b'\nprint(1)\n#> 1\n",
    ),
    "a form feed between parts": (
        "a = 1\n\x0c\nprint(a)\n#> 2\n",
        "a = 1\n\x0c\nprint(a)\n#> 1\n",
    ),
    "line ends of Windows": ("a = 1\r\nprint(a)\r\n#> 2\r\n", "a = 1\r\nprint(a)\r\n#> 1\r\n"),
    "no line end at the end": ("print(1)\n#> 2\na = 1", "print(1)\n#> 1\na = 1"),
}

LEFT_ALONE = {
    "a true one": "print(1)\n#> 1\n\n\n",
    "a crash": "import os\nprint(1)\n#> 2\nos._exit(3)\n",
    "a segmentation fault": "import ctypes\nprint(1)\n#> 2\nctypes.string_at(0)\n",
    "a time-out": "# timeout: 0.3\nprint(1)\n#> 2\nwhile True: pass\n",
    "an error in the middle": "print(1)\n#> 2\n1 / 0\nprint(3)\n#> 4\n",
    "a syntax error": "print(1)\n#> 2\na = (\n",
    "noise": "import sys\nsys.stderr.write('noise')\n",
    "wrong in another way": "# wrong: a is 2, the answer is 4\n# right: right.py\na = 3\n",
    "what cannot run here": (
        "# requires: torch>=99\n# recorded: a GPU, torch 99.0.0, 2026-11-01\nprint(1)\n#> 2\n"
    ),
}


@pytest.mark.parametrize(("before", "after"), PAIRS.values(), ids=PAIRS)
def test_expectations_are_rewritten(before, after, update):
    """What is stated becomes what happened; every other byte stays, and once is enough."""
    assert update(before) == after
    assert update(after) == after


@pytest.mark.parametrize("text", LEFT_ALONE.values(), ids=LEFT_ALONE)
def test_a_snippet_is_left_alone(text, update, tmp_path):
    """What is true, or did not run to its end, or cannot be stated, is not touched."""
    assert update(text) == text
    assert [path.name for path in (tmp_path / "snippets").iterdir()] == ["x.py"]


def test_what_was_updated_is_named(build):
    """The paths of the files that changed are returned, and then all is true."""
    files = {"snippets/a.py": "print(1)\n", "snippets/b.py": "print(1)\n#> 1\n"}
    project = build(files)
    assert project.update(project.check()) == ["snippets/a.py"]
    assert project.check().faults == []


def test_the_file_keeps_its_mode(build, tmp_path):
    """A file that can be executed still can be."""
    project = build({"snippets/x.py": "print(1)\n"})
    path = tmp_path / "snippets/x.py"
    path.chmod(0o755)
    assert project.update(project.check()) == ["snippets/x.py"]
    assert path.stat().st_mode & 0o777 == 0o755


@pytest.fixture
def update(build, tmp_path):
    """Return a function that updates a snippet and returns its new text."""

    def update(text):
        project = build({"snippets/x.py": text})
        project.update(project.check())
        return (tmp_path / "snippets/x.py").read_bytes().decode()

    return update
