"""Nothing moves while a page loads, whatever comes late."""

import http.server
import time
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from measured.questions.__main__ import served

#: Notes what moves, from the start, as Chromium counts it: what it is, where from and where to.
WATCH = """
window.moved = []
const place = ({ x, y, width, height }) => [x, y, width, height].map(Math.round).join(" ")
const name = (node) => node?.nodeType === 1 ? node.cloneNode().outerHTML : node?.textContent
const note = ({ node, previousRect, currentRect }) => moved.push({
  what: (name(node) ?? "gone").slice(0, 100),
  from: place(previousRect),
  to: place(currentRect),
  header: Boolean(node?.parentElement?.closest(".md-header")),
})
window.tell = (entries) => entries.forEach((entry) => entry.sources.forEach(note))
window.shifts = new PerformanceObserver((list) => tell(list.getEntries()))
shifts.observe({ type: "layout-shift", buffered: true })
"""
MOVED = "() => { tell(shifts.takeRecords()); return moved }"
#: Where a slow network may have a page's first part end: in the header, beside the search.
CUTS = [
    '<button class="md-header__button md-icon scheme"',
    '<label class="md-header__button md-icon" for="__search">',
    '<div class="md-search"',
    '<form class="md-search__form"',
]


class Slow(http.server.SimpleHTTPRequestHandler):
    """Sends a page in two parts, a second apart, where the text of the query begins."""

    def log_message(self, *_):
        pass

    def do_GET(self):
        cut = unquote(urlsplit(self.path).query).encode()
        if not cut:
            return super().do_GET()
        html = Path(self.translate_path(self.path), "index.html").read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(html[: html.index(cut)])
        self.wfile.flush()
        time.sleep(1)
        self.wfile.write(html[html.index(cut) :])
        return None


@pytest.fixture(scope="module")
def slow(site):
    """The address of a server that sends the site slowly."""
    with served(site, Slow) as address:
        yield address


@pytest.fixture
def watched(browser):
    """Return a function that opens a tab of this width, in which what moves is noted."""
    tabs = []

    def watched(width):
        tabs.append(browser.new_page(viewport={"width": width, "height": 800}))
        tabs[-1].add_init_script(WATCH)
        return tabs[-1]

    yield watched
    for tab in tabs:
        tab.close()


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("path", ["/", "/learn/toy-example/", "/recipes/maml/"])
def test_nothing_moves_while_a_page_loads(watched, address, path, width, ready):
    """Drawings have their size before they are drawn, and buttons take no room, at each load.

    The font of mathematics does not come, since a formula may have another size with it.
    """
    page = watched(width)
    page.route("**/*.woff2", lambda route: route.fulfill(status=204))
    for _ in range(3):
        ready(page, address + path)
        assert page.evaluate(MOVED) == []


def test_what_moves_is_seen(watched, address, ready, settled):
    """A box that comes late, above the text, moves what is below."""
    page = watched(1280)
    ready(page, address)
    page.evaluate(
        "document.querySelector('h1').before(Object.assign("
        "document.createElement('div'), {style: 'height: 100px'}))"
    )
    settled(page)
    settled(page)
    assert any("h1" in moved["what"] for moved in page.evaluate(MOVED))


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("cut", CUTS)
def test_the_header_stays_where_its_first_part_is_shown(watched, slow, cut, width, ready):
    """What has not come yet finds its place free."""
    page = watched(width)
    page.goto(f"{slow}/?{cut}", wait_until="commit")
    page.locator(".md-header__title").wait_for()
    page.wait_for_load_state()
    assert [moved for moved in page.evaluate(MOVED) if moved["header"]] == []
