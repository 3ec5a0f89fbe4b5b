"""Nothing moves while a page loads, whatever comes late."""

import functools
import http.server
import threading
import time
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

#: The sum of the layout shifts of a page, as Chromium counts them.
SHIFTS = """
new Promise((resolve) => {
  let sum = 0
  new PerformanceObserver((list) => list.getEntries().forEach((e) => { sum += e.value }))
    .observe({ type: "layout-shift", buffered: true })
  setTimeout(() => resolve(sum), 600)
})
"""
#: What moved in the header.
HEADER = """
new Promise((resolve) => {
  const moved = []
  const note = ({ node, previousRect, currentRect }) => node?.parentElement?.closest(".md-header")
    && moved.push([node.className, previousRect.x, previousRect.y, currentRect.x, currentRect.y])
  new PerformanceObserver((list) => list.getEntries().forEach((e) => e.sources.forEach(note)))
    .observe({ type: "layout-shift", buffered: true })
  setTimeout(() => resolve(moved), 300)
})
"""
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
    handler = functools.partial(Slow, directory=site)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("path", ["/", "/learn/toy-example/", "/recipes/maml/"])
def test_nothing_moves_while_a_page_loads(browser, address, path, width):
    """Drawings have their size before they are drawn, and buttons take no room.

    A busy machine may paint half of a page: of three loads, one is steady. The font of mathematics
    does not come, since a formula may have another size with it.
    """
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.route("**/*.woff2", lambda route: route.fulfill(status=204))

    def load():
        page.goto(address + path)
        return page.evaluate(SHIFTS)

    assert any(load() == 0 for _ in range(3))
    page.close()


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("cut", CUTS)
def test_the_header_stays_where_its_first_part_is_shown(browser, slow, cut, width):
    """What has not come yet finds its place free."""
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.goto(f"{slow}/?{cut}", wait_until="commit")
    page.locator(".md-header__title").wait_for()
    page.wait_for_load_state()
    moved = page.evaluate(HEADER)
    page.close()
    assert moved == []
