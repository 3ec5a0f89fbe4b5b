"""Type what people would into the search of the built site, and note what comes first.

``make measure WHAT="questions SITE"`` reads the site that was built into that folder, ``site`` if
none is named, in Chromium; it takes a minute, writes ``data.json`` and says what changed.
"""

import functools
import http.server
import re
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from measured import kit
from measured.questions.page import FILE, GLANCE, HALVES, questions, results, row

RESULTS = ".md-search-result__item > a.md-search-result__link"
IDLE = "Type to start searching"


def main(folder: str = "site") -> None:
    """Measure all, say what changed, and write."""
    before, asked = kit.load(FILE), questions()
    with search(kit.ROOT / folder) as find:
        found = {one.url: find(one.query) for one in asked}
        pasted = {one.url: find(one.message) for one in asked if one.message}
    for change in kit.changes(flat(before.get("found", {})), flat(found)):
        print(change)
    environment = kit.stamp(date=kit.today())
    kit.save(FILE, {"environment": environment, "found": found, "pasted": pasted})
    for half in HALVES:
        print(*row(half, [one for one in results() if one.question.half == half]))


def flat(found: dict[str, list[str]]) -> dict[str, str]:
    """Return {question: what came first}."""
    return {url: " ".join(pages) for url, pages in found.items()}


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address at which a folder is served."""
    handler = functools.partial(Quiet, directory=folder)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves files without a line for each."""

    def log_message(self, *_):
        pass


@contextmanager
def search(folder: Path) -> Iterator[Callable[[str], list[str]]]:
    """A function from what is typed to the pages that come first, such as ``pitfalls/no-grad``."""
    from playwright.sync_api import expect, sync_playwright

    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with served(folder) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(base_url=address)
        page.goto("/")
        box = page.locator("input.md-search__input")
        box.click()
        told, links = page.locator(".md-search-result__meta"), page.locator(RESULTS)

        def find(query: str) -> list[str]:
            box.fill("")
            expect(told).to_have_text(IDLE)
            # At once, as a paste: each single letter would be a search of its own.
            page.keyboard.insert_text(" ".join(re.findall(r"[\w.']+", query))[:200])
            page.keyboard.press("End")
            expect(told).not_to_have_text(IDLE)
            if told.inner_text() != "No matching documents":
                links.first.wait_for()
            urls = links.evaluate_all("all => all.map((link) => link.href)")
            paths = (re.split(r"[?#]", url.removeprefix(address))[0].strip("/") for url in urls)
            return list(dict.fromkeys(paths))[:GLANCE]

        yield find
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
