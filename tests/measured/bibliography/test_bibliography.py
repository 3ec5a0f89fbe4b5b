"""The bibliography has what the pages cite, and each entry leads back to them."""

import re
import tomllib
from types import SimpleNamespace

import pytest

from measured.bibliography import page
from proofread.read.page import Page

#: Where papers lie; other addresses are documentation, code and discussions.
PAPER = re.compile(r"\((https?://(?:arxiv|doi|(?:www\.)?jmlr|mlanthology|nyuscholars)[^)\s]*\))")


@pytest.fixture(scope="module")
def known():
    return tomllib.loads(page.FILE.read_text(encoding="utf-8"))


def test_each_paper_that_a_page_links_to_is_an_entry(report, known):
    """One that is not is to be added to the data file."""
    listed = {address for one in known.values() for address in page.addresses(one)}
    cited = {link for one in report.pages.values() for link in PAPER.findall(one.words)}
    assert cited <= listed


def test_an_entry_says_what_it_is(known):
    """Its key ends with its year, and its first author's name begins it."""
    for key, one in known.items():
        assert {"authors", "title", "where", "about"} <= set(one), key
        assert key[-4:] in one["where"] and one["about"].endswith("."), key
    addresses = [address for one in known.values() for address in page.addresses(one)]
    assert len(addresses) == len(set(addresses))


def site(**pages):
    """What a piece is seen in: a site of these pages, beside the bibliography itself."""
    made = {
        f"docs/{name}.md": Page(f"docs/{name}.md", (text,), (), {"title": name.title()})
        for name, text in pages.items()
    }
    here = Page("docs/reference/bibliography.md", (), ())
    return SimpleNamespace(page=here, report=SimpleNamespace(pages={**made, here.path: here}))


ENTRY = {"authors": "A. Ape, B. Bee", "title": "On trees", "where": "Zoo 1999", "about": "Trees."}


@pytest.mark.parametrize(
    "text",
    [
        "[x](https://a.org/1)",
        "*On Trees*, 1999",
        "see [Ape](../reference/bibliography.md#ape1999).",
    ],
)
def test_a_page_cites_by_address_title_or_key(text):
    """It is listed with its title, below an anchor that is the key."""
    one, seen = {**ENTRY, "url": "https://a.org/1"}, site(cites=text, not_this="https://a.org/12")
    others = [one for path, one in seen.report.pages.items() if path != seen.page.path]
    made = page.entry("ape1999", one, others, seen.page)
    assert made.startswith(
        "## Ape, 1999 { #ape1999 }\n\nA. Ape, B. Bee: [On trees](https://a.org/1)"
    )
    assert made.endswith("Cited in [Cites](../cites.md).")


def test_an_entry_that_no_page_cites_fails():
    """So that it is deleted with the last link to it."""
    with pytest.raises(LookupError, match="no page cites 'ape1999'"):
        page.entry("ape1999", ENTRY, [], site().page)


def test_each_entry_lists_the_pages_that_cite_it():
    """All entries look at all pages but the bibliography itself."""
    known = tomllib.loads(page.FILE.read_text(encoding="utf-8"))
    made = page.entries(site(cites=" ".join(f"(bibliography.md#{key})" for key in known)))
    assert made.count("Cited in [Cites](../cites.md).") == len(known)
