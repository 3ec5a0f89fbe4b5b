"""What is read from the text of a snippet."""

import pytest

from proofread.read.snippet import parse

IMPORTS = {
    "each of several on a line": ("import numpy, scipy as s", [(1, "numpy"), (1, "scipy")]),
    "the first name of a dotted one": ("a = 1\nimport torch.nn", [(2, "torch")]),
    "a module from which names come": ("from torch.func import grad", [(1, "torch")]),
    "behind another statement": ("a = 1; import torch", [(1, "torch")]),
    "inside a function": ("def f():\n    import torch\n    return torch", [(2, "torch")]),
    "in order, however deep": ("if 1:\n    import a\nimport b", [(2, "a"), (3, "b")]),
    "not in a string": ('a = """\nfrom the start\nimport it\n"""', []),
    "not one beside a package that it has none of": ("from . import x", []),
}


@pytest.mark.parametrize("name", IMPORTS)
def test_imports(name):
    """They are found wherever Python would import something, and nowhere else."""
    text, expected = IMPORTS[name]
    assert list(parse("x.py", "x.py", text).imports) == expected
