"""What the tool was tried on gets the verdict that the page shows: the losses, the site, others."""

import os
import posixpath
import re
from types import SimpleNamespace

import pytest
import torch

from measured import kit
from measured.checker import page
from measured.checker.adapters import ADAPTERS, EXEMPT
from measured.checker.breaks import KINDS
from measured.checker.losses import LOSSES
from measured.checker.matrix import FOUND, RIGHT, SEEDS, kinds_of, verdict
from measured.checker.misses import MISSES
from measured.checker.public import PUBLIC, said_of
from measured.checker.snippets import SNIPPETS, pairs, record
from proofread.show.kinds import Include

#: All seeds, breaks and pairs; else a sample that differs from loss to loss.
ALL = bool(os.environ.get("LOSTGRAD_ALL"))
DATA = kit.load(page.FILE)
#: Breaks that an earlier change of the tool got wrong: tried each time.
ONCE_MISSED = [] if ALL else [("training_step", "half")]
UNTRIED = "say in measured/checker/adapters.py how to put this snippet to the tool:"


@pytest.fixture(autouse=True)
def one_thread():
    """Small networks are faster on one thread; what is checked does not depend on it."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def number(name):
    """A number that differs from loss to loss."""
    return sum(map(ord, name))


def seeds(name):
    """The seeds that a loss is tried with."""
    return SEEDS if ALL else [number(name) % len(SEEDS)]


def broken():
    """The losses, each with the breaks that it is tried with: all that apply, or two of them."""
    for name in LOSSES:
        kinds = kinds_of(name)
        start = number(name) % max(len(kinds), 1)
        yield from ((name, kind) for kind in (kinds if ALL else (kinds + kinds)[start : start + 2]))


@pytest.mark.parametrize("name", LOSSES)
def test_a_right_loss_passes(name):
    """No false alarm, at any seed and coefficient."""
    assert {verdict(name, None, seed) for seed in seeds(name)} == {RIGHT}


@pytest.mark.parametrize(("name", "kind"), [*broken(), *ONCE_MISSED])
def test_a_break_is_found_with_its_line(name, kind):
    """A cut is named with its line; a hidden backward is found by differences."""
    assert {verdict(name, kind, seed) for seed in seeds(name + kind)} == {FOUND}


def test_the_matrix_is_wide_enough():
    """Forty losses, eight kinds of break, and most losses take most of them."""
    assert len(LOSSES) >= 40
    assert len(KINDS) >= 8
    assert sum(len(kinds_of(name)) >= 8 for name in LOSSES) >= 40


def test_the_page_has_the_whole_matrix():
    """Of every loss and break that there is, of no other, and with no miss or false alarm."""
    wanted = {(name, kind) for name in LOSSES for kind in ("right", *kinds_of(name))}
    assert {(one["loss"], one["kind"]) for one in DATA["matrix"]} == wanted
    assert [one for one in DATA["matrix"] if one["good"] != one["tried"]] == []


@pytest.mark.parametrize("name", PUBLIC)
def test_public_code_has_the_right_verdict(name):
    """Code that nobody here wrote, in its structure; the page says the same."""
    source, expected, learned, _ = PUBLIC[name]
    said = {True: "right", False: "WRONG", None: "no loss"}[expected]
    one = {"name": name, "source": source, "said": said, "learned": learned}
    assert said_of(name) == one
    assert one in DATA["public"], "write it anew: make measure WHAT=checker"


def tried():
    """The pairs of snippets whose number is a derivative: all, or every third, and the misses."""
    found = [pair for pair in pairs() if pair[0] not in EXEMPT]
    return [p for i, p in enumerate(found) if ALL or i % 3 == 0 or p[0] in MISSES]


@pytest.mark.parametrize(("wrong", "right"), tried(), ids=lambda name: name.removesuffix(".py"))
def test_a_wrong_snippet_is_told_from_the_right_one(wrong, right):
    """The wrong one is found, unless it is listed with a reason; the page says the same."""
    try:
        one = record(wrong, right)
    except LookupError as error:
        pytest.fail(f"{UNTRIED} {wrong}: {error}", pytrace=False)
    if wrong in MISSES:
        assert one["on wrong"] == MISSES[wrong][0]
    else:
        assert one["on wrong"] not in ("right", "unsure"), f"{UNTRIED} {wrong}"
    assert one["on right"] == "right"
    assert one in DATA["pairs"], "write it anew: make measure WHAT=checker"


def test_the_page_has_every_pair():
    """Those that are tried, and those that are not."""
    shown = [(one["wrong"], one["right"]) for one in DATA["pairs"]]
    assert shown == pairs(), "write it anew: make measure WHAT=checker"


def test_what_is_said_of_a_snippet_has_its_snippet():
    """What is said of a snippet that is gone, or no longer wrong, goes as well."""
    wrong = {name for name, _ in pairs()}
    assert set(ADAPTERS) | set(EXEMPT) | set(MISSES) <= wrong
    assert set(EXEMPT).isdisjoint({*ADAPTERS, *MISSES})


@pytest.mark.parametrize("name", sorted(EXEMPT))
def test_the_exempt_have_no_derivative(name):
    """An exemption has a reason, and its number is a count, a truth value or a stale value."""
    assert re.fullmatch(r"[A-Z][^.]{10,80}\.", EXEMPT[name])
    header = re.match(r"# wrong: \w+ is (\S+),", (SNIPPETS / name).read_text(encoding="utf-8"))
    assert re.fullmatch(r"\d+|True|False", header[1]) or name == "pitfalls/sharded/kept.py"


def test_the_table_of_snippets_shows_each_pair(project):
    """A row for each, with its verdicts, and a link to a page that shows the wrong snippet."""
    pages = {one.path: one for one in project._pages()[0]}
    seen = SimpleNamespace(page=pages["docs/reference/checker.md"])
    seen.report = SimpleNamespace(pages=pages)
    _, _, *rows = page.snippets(seen).splitlines()
    assert len(rows) == len(DATA["pairs"]) > 100
    for row, one in zip(rows, DATA["pairs"], strict=True):
        link, *cells = (cell.strip() for cell in row.strip("|").split(" | "))
        path = posixpath.join("docs/reference", re.search(r"\]\((.*)\)", link)[1])
        shown = pages[posixpath.normpath(path)]
        assert one["wrong"] in {include.name for include in shown.of(Include)}
        assert cells[1::2] == [one["on wrong"], one["on right"]]
        assert cells[-1] == one["tried"]


def test_a_snippet_that_no_page_shows_is_named():
    """The build stops with its path."""
    seen = SimpleNamespace(page=SimpleNamespace(path="docs/a.md"))
    seen.report = SimpleNamespace(pages={})
    with pytest.raises(LookupError, match=r"no page shows snippets/.+\.py"):
        page.snippets(seen)


def test_the_time_of_a_check_is_linear():
    """From 1e4 parameters to 1e7, and to graphs of 1e5 nodes, it stays so many steps."""
    for unit, least in (("parameters", 1e7), ("nodes", 1e5)):
        rows = [one for one in DATA["cost"] if one["unit"] == unit]
        assert max(one["size"] for one in rows) >= least
        for key in ("first", "both"):
            for cut in (True, False):
                steps = [one[key] for one in rows if one["cut"] is cut]
                assert steps[-1] < 3 * max(steps[:-1])
