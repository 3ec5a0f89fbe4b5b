"""The checker flags every silently wrong snippet of the site, and passes every right one."""

import posixpath
import re
from types import SimpleNamespace

import pytest

from measured import kit
from measured.checker import page
from measured.checker.__main__ import SNIPPETS, pairs, record, verdicts
from measured.checker.adapters import ADAPTERS, EXEMPT, STEPS

#: What the checker says of code that is as it should be.
PASSES = ("right", "zero")
UNTRIED = "say in measured/checker/adapters.py how to put this snippet to the checker:"
#: Here `zero` is the finding: its inner gradient is fixed, and that is what is wrong.
FOUND_BY_ZERO = {"pitfalls/zero_curvature/relu.py"}


def tried():
    """List (wrong, right) of those whose number is a derivative."""
    return [pair for pair in pairs() if pair[0] not in EXEMPT]


@pytest.mark.parametrize(("wrong", "right"), tried(), ids=lambda name: name.removesuffix(".py"))
def test_the_checker_tells_wrong_from_right(wrong, right):
    """The wrong snippet is flagged, and the right one passes."""
    try:
        on_wrong, on_right = verdicts(wrong, right)
    except LookupError as error:
        pytest.fail(f"{UNTRIED} {wrong}: {error}", pytrace=False)
    if wrong in FOUND_BY_ZERO:
        assert (on_wrong, on_right) == ("zero", "right")
    else:
        assert on_wrong not in PASSES, f"{UNTRIED} {wrong}"
        assert on_right in PASSES, f"{UNTRIED} {wrong}, so that {right} passes"


def test_every_adapter_has_its_snippet():
    """What is said of a snippet that is gone, or no longer wrong, goes as well."""
    wrong = {name for name, _ in pairs()}
    assert set(ADAPTERS) - wrong == set()
    assert set(EXEMPT) - wrong == set()
    assert set(STEPS) - wrong == set()
    assert set(ADAPTERS) & set(EXEMPT) == set()


@pytest.mark.parametrize("name", sorted(EXEMPT))
def test_the_exempt_have_no_derivative(name):
    """An exemption has a reason, and its number is a count, a truth value or a stale value."""
    assert re.fullmatch(r"[A-Z][^.]{10,80}\.", EXEMPT[name])
    header = re.match(r"# wrong: \w+ is (\S+),", (SNIPPETS / name).read_text(encoding="utf-8"))
    assert re.fullmatch(r"\d+|True|False", header[1]) or name == "pitfalls/sharded/kept.py"


def test_the_committed_verdicts_are_what_the_checker_says_today():
    """Of every pair that there is, and of no other."""
    today = [record(*pair) for pair in pairs()]
    assert kit.load(page.FILE)["pairs"] == today, "write it anew: make measure WHAT=checker"


def test_the_matrix_shows_each_pair(project):
    """A row for each, with its verdicts, and a link to a page that shows the wrong snippet."""
    pages = {one.path: one for one in project._pages()[0]}
    seen = SimpleNamespace(page=pages["docs/guides/checker.md"])
    seen.report = SimpleNamespace(pages=pages)
    _, _, *rows = page.matrix(seen).splitlines()
    records = kit.load(page.FILE)["pairs"]
    assert len(rows) == len(records) > 100
    for row, one in zip(rows, records, strict=True):
        link, *cells = (cell.strip() for cell in row.strip("|").split(" | "))
        path = posixpath.join("docs/guides", re.search(r"\]\((.*)\)", link)[1])
        shown = pages[posixpath.normpath(path)]
        assert one["wrong"] in {include.name for include in shown.includes}
        assert cells[1::2] == [one["on wrong"], one["on right"]]
        assert cells[-1] == one["tried"]


def test_a_snippet_that_no_page_shows_is_named():
    """The build stops with its path."""
    seen = SimpleNamespace(page=SimpleNamespace(path="docs/a.md"))
    seen.report = SimpleNamespace(pages={})
    with pytest.raises(LookupError, match=r"no page shows snippets/.+\.py"):
        page.matrix(seen)
