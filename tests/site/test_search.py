"""What people type into the search, and the page that should come first."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from proofread.show.lists import messages

#: What people type, from threads of PyTorch's issues and forum and our own -> a page that answers.
QUERIES = dict(
    line.split(" => ")
    for line in Path(__file__).with_name("queries.txt").read_text(encoding="utf-8").splitlines()
)


@pytest.fixture(scope="module")
def search(browser, address, ready):
    """Return a function that types a query and returns the paths of the first results."""
    page, faults = browser.new_page(base_url=address), []
    # What fails in the search's worker is only logged, and looks like a search without results.
    page.on("console", lambda said: faults.append(said.text) if said.type != "log" else None)
    ready(page, "/")
    box = page.locator("input.md-search__input")
    box.click()
    told = page.locator(".md-search-result__meta")
    links = page.locator(".md-search-result__item > a.md-search-result__link")
    idle = "Type to start searching"
    expect(told).to_have_text(idle)

    def search(query):
        box.fill("")
        expect(told).to_have_text(idle)
        expect(links).to_have_count(0)
        # At once, as a paste: each single letter would be a search of its own.
        page.keyboard.insert_text(query)
        page.keyboard.press("End")
        expect(told).not_to_have_text(idle)
        assert faults == [], query
        if told.inner_text() != "No matching documents":
            links.first.wait_for()
        urls = links.evaluate_all("all => all.slice(0, 8).map((link) => link.href)")
        return [re.sub(r"\?h=[^#]*", "", url).partition(address)[2] for url in urls]

    yield search
    page.close()


def test_the_page_that_answers_comes_first(search):
    """What people ask is answered by the first result for nine of ten, within three for all."""
    places = {}
    for query, expected in QUERIES.items():
        pages = [url.partition("#")[0].rstrip("/").rpartition("/")[2] for url in search(query)[:3]]
        places[query] = pages.index(expected) if expected in pages else None
    assert [query for query, place in places.items() if place is None] == []
    first = sum(place == 0 for place in places.values())
    assert first >= 0.9 * len(places), places


def test_a_whole_message_leads_to_its_explanation(search, report):
    """Each message of the index, pasted whole, leads to its page or to its row within a screen."""
    lost = []
    for message in messages(report):
        page = message.page.path.removeprefix("docs").removesuffix(".md").removesuffix("index")
        # A reader pastes words; signs such as + and * would mean something to the search.
        found = search(" ".join(re.findall(r"[\w.']+", message.shown or message.kind))[:150])
        if not any(url.startswith((page, "/errors/")) for url in found):
            lost.append((message.shown, found))
    assert lost == []
