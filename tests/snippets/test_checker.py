"""The checker flags silently wrong snippets of the site, and passes the right ones."""

import functools
import re
import sys
from pathlib import Path

import pytest
import torch

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(Path(__file__).parent))

from replay import replay  # noqa: E402

SNIPPETS = ROOT / "snippets"
PAGE = ROOT / "docs/guides/checker.md"
MATRIX = re.compile(r"(?<=<!-- matrix -->\n).*?(?=<!-- end of matrix -->)", re.DOTALL)
#: What the checker says of code that is as it should be.
PASSES = ("right", "zero")


#: Silently wrong snippets whose loss can be replayed as a function of its parameters.
TRIED = set((ROOT / "tests/snippets/tried.txt").read_text(encoding="utf-8").split())


def pairs():
    """List (wrong, right) of the silently wrong snippets that are tried."""
    found = []
    for path in sorted(SNIPPETS.rglob("*.py")):
        header = re.match(r"# wrong: .*\n# right: (.*)\n", path.read_text(encoding="utf-8"))
        name = path.relative_to(SNIPPETS).as_posix()
        if header and name in TRIED:
            found.append((name, header[1].strip()))
    return found


@functools.cache
def checker():
    """The checker as a reader copies it."""
    text = (SNIPPETS / "guides/checker/checker.py").read_text(encoding="utf-8")
    namespace = {}
    exec(text.partition("# --8<-- [end:checker]")[0], namespace)
    return namespace["check"]


@functools.cache
def verdict(name):
    """The checker's first words on a snippet."""
    torch.manual_seed(0)
    loss_fn, params = replay((SNIPPETS / name).read_text(encoding="utf-8"))
    return re.split(r"[:(]", checker()(loss_fn, params))[0].strip()


@pytest.mark.parametrize(("wrong", "right"), pairs(), ids=lambda name: name.removesuffix(".py"))
def test_the_checker_tells_wrong_from_right(wrong, right):
    """The wrong snippet is flagged, and the right one passes."""
    assert verdict(wrong) not in PASSES
    assert verdict(right) in PASSES


def test_the_matrix_on_the_page_is_true():
    """The table on the checker's page says what the checker says today."""
    assert MATRIX.search(PAGE.read_text(encoding="utf-8"))[0] == matrix(), (
        "write it anew: python tests/snippets/test_checker.py"
    )


def matrix():
    """The table of verdicts, in Markdown."""
    rows = [f"| {link(w)} | {verdict(w)} | {link(r)} | {verdict(r)} |\n" for w, r in pairs()]
    head = ["\n| Wrong | Verdict | Right | Verdict |\n", "| --- | --- | --- | --- |\n"]
    return "".join([*head, *rows, "\n"])


@functools.cache
def pages():
    """Snippet -> the page that shows it first."""
    found = {}
    for page in sorted((ROOT / "docs").rglob("*.md")):
        for name in re.findall(r'--8<-- "([^":]+\.py)"', page.read_text(encoding="utf-8")):
            found.setdefault(name, page.relative_to(ROOT / "docs").as_posix())
    return found


def link(name):
    """A link from the checker's page to the page that shows the snippet."""
    return f"[`{name.removesuffix('.py')}`](../{pages()[name]})"


if __name__ == "__main__":
    text = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(MATRIX.sub(lambda _: matrix(), text), encoding="utf-8")
