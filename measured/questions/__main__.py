"""Ask the search of the built site what people would ask it, and note what comes first.

``make measure WHAT="questions SITE"`` asks the search's worker of the site that was built into that
folder, ``site`` if none is named, in Chromium; it takes some seconds, writes ``data.json`` and says
what changed. The search knows the words of the half that authors look at: each question of that
half is asked of an index without what was learned from it, and from a fifth of the others.
"""

import functools
import hashlib
import http.server
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from measured import kit
from measured.questions.page import (
    FILE,
    GLANCE,
    HALVES,
    Question,
    learned,
    questions,
    results,
    row,
)

#: Into how many parts the half that is learned from is divided to measure it.
FOLDS = 5
#: Ask a worker of its own, whose index has learned this: {location: fields}.
ASK = """async ([learned, queries, most]) => {
  const index = await (await fetch("search/search_index.json")).json()
  for (const doc of index.docs) Object.assign(doc, { asked: [], told: [] }, learned[doc.location])
  const worker = new Worker("assets/javascripts/search/worker.js")
  const said = (type, data) => new Promise((done, failed) => {
    worker.onmessage = (event) => done(event.data.data)
    worker.onerror = (event) => failed(event.message)
    worker.postMessage({ type, data })
  })
  await said(0, index)
  const found = []
  for (const query of queries) {
    const { items } = await said(2, query)
    found.push(items.slice(0, most).map(([{ location }]) => location.split("#")[0]))
  }
  worker.terminate()
  return found
}"""


def main(folder: str = "site") -> None:
    """Measure all, say what changed, and write."""
    before, asked = kit.load(FILE), questions()
    with search(kit.ROOT / folder) as find:
        found, pasted = measured(asked, find)
    for change in kit.changes(flat(before.get("found", {})), flat(found)):
        print(change)
    environment = kit.stamp(date=kit.today())
    kit.save(FILE, {"environment": environment, "found": found, "pasted": pasted})
    for half in HALVES:
        print(*row(half, [one for one in results() if one.question.half == half]))


def measured(asked: list[Question], find: Callable) -> tuple[dict, dict]:
    """Return {address: pages that come first}, for what is typed and for what is pasted."""
    found, pasted = {}, {}
    for part in sorted({fold(one) for one in asked}):
        mine = [one for one in asked if fold(one) == part]
        places = find([text for one in mine for text in (one.query, one.message)], part)
        for one, typed, message in zip(mine, places[::2], places[1::2], strict=True):
            found[one.url] = typed
            if one.message:
                pasted[one.url] = message
    order = [one.url for one in asked]
    return tuple({url: to[url] for url in order if url in to} for to in (found, pasted))


def fold(one: Question) -> int:
    """The part that a question falls into, by a hash of its address; -1 for the measured half."""
    digest = hashlib.sha256(one.url.encode()).digest()
    return digest[1] % FOLDS if one.half == HALVES[0] else -1


def flat(found: dict[str, list[str]]) -> dict[str, str]:
    """Return {question: what came first}."""
    return {url: " ".join(pages) for url, pages in found.items()}


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves files without a line for each."""

    def log_message(self, *_):
        pass


@contextmanager
def served(folder: Path, handler: type = Quiet) -> Iterator[str]:
    """The address at which a folder is served."""
    handler = functools.partial(handler, directory=folder)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@contextmanager
def search(folder: Path) -> Iterator[Callable[..., list[list[str]]]]:
    """What ``finder`` returns, for the site in a folder."""
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with served(folder) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield finder(browser, address)
        browser.close()


def finder(browser, address: str) -> Callable[..., list[list[str]]]:
    """Return a function from queries to the pages that come first for each: ``pitfalls/no-grad``.

    Its second argument is the part of the questions from which nothing is learned.
    """
    page = browser.new_page()
    # A file of the same origin, without a script that would wait for a reader.
    page.goto(f"{address}/llms.txt")

    def find(queries: list[str], part: int = -1) -> list[list[str]]:
        unknown = {one.url for one in questions() if fold(one) == part}
        known = {location(path): fields for path, fields in learned(unknown).items()}
        found = page.evaluate(ASK, [known, queries, GLANCE])
        return [[one.strip("/") for one in places] for places in found]

    return find


def location(path: str) -> str:
    """Where a page lies in the site: ``docs/errors.md`` at ``errors/``."""
    name = path.removeprefix("docs/").removesuffix(".md").removesuffix("index")
    return f"{name.rstrip('/')}/" if name else ""


if __name__ == "__main__":
    main(*sys.argv[1:])
