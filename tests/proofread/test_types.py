"""What the rooms at the engine's bottom offer has types, which the linter asks of results alone."""

import ast
from pathlib import Path

import pytest

import proofread

TOP = Path(proofread.__file__).parent
FILES = [file for room in ("read", "run", "judge") for file in sorted((TOP / room).rglob("*.py"))]


def untyped(tree):
    """Yield the name of each public function, also of a public class, with an argument untyped."""
    for node in ast.iter_child_nodes(tree):
        own = getattr(node, "name", "_")
        if isinstance(node, ast.ClassDef) and not own.startswith("_"):
            yield from untyped(node)
        elif isinstance(node, ast.FunctionDef) and (own == "__init__" or not own.startswith("_")):
            given = node.args
            every = [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]
            names = [one.arg for one in every if one and one.annotation is None]
            if set(names) - {"self", "cls"}:
                yield own


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(TOP).as_posix())
def test_public_functions_say_what_they_take(file):
    """Each argument has a type, which the type checker then holds."""
    assert list(untyped(ast.parse(file.read_text(encoding="utf-8")))) == []


def test_an_argument_without_a_type_is_found():
    """Of a function, and of a method."""
    text = (
        "def a(x): ...\ndef _b(x): ...\nclass C:\n    def d(self, *x): ...\n    def e(self): ...\n"
    )
    assert list(untyped(ast.parse(text))) == ["a", "d"]
