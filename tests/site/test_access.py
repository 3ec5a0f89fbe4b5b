"""No page fails axe-core, which finds what keeps people from reading it."""

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

#: Light on a wide screen and dark on a phone; all four looks with ALL_LOOKS=1.
LOOKS = [("light", (1280, 900)), ("dark", (390, 844))]
if os.environ.get("ALL_LOOKS"):
    LOOKS += [("light", (390, 844)), ("dark", (1280, 900))]
#: One page of each kind.
KINDS = [
    "index.html",
    "404.html",
    "learn/toy-example/index.html",
    "learn/create-graph/index.html",
    "pitfalls/index.html",
    "pitfalls/norm-at-zero/index.html",
    "recipes/maml/index.html",
    "notebooks/recipes/maml/index.html",
    "guides/checker/index.html",
]
#: It holds the pages once more; tests/site/test_paper.py looks at what is its own.
PAPER = "print/index.html"
#: What axe-core's rules are named after: WCAG 2.2 up to AA, and its own good practice.
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
#: What all pages share is looked at with one page of each kind, and so are their colors.
SHARED = {"exclude": [".md-header", ".md-sidebar", ".md-footer"]}
COLORLESS = {**RULES, "rules": {"color-contrast": {"enabled": False}}}


@pytest.fixture(scope="module", params=LOOKS, ids=lambda look: f"{look[0]}-{look[1][0]}")
def look(request, browser, address):
    """Return (its number, a function from a page's path to what axe-core finds)."""
    scheme, (width, height) = request.param
    context = browser.new_context(
        base_url=address, color_scheme=scheme, viewport={"width": width, "height": height}
    )
    page = context.new_page()

    def faults(path, part=None, rules=RULES):
        page.goto(path, wait_until="load")
        return [
            f"{path}: {fault['id']}: {fault['help']}: {fault['nodes'][0]['html'][:200]}"
            for fault in Axe().run(page, context=part, options=rules).response["violations"]
        ]

    yield LOOKS.index(request.param), faults
    context.close()


def test_no_kind_of_page_keeps_anybody_out(look):
    """In each look."""
    _, faults = look
    assert [fault for path in KINDS for fault in faults(path)] == []


def test_no_page_keeps_anybody_out(look, site):
    """Each page's own content, in turn in one of the looks; all of it in each with ALL_LOOKS=1."""
    number, faults = look
    paths = sorted(path.relative_to(site).as_posix() for path in Path(site).rglob("*.html"))
    paths.remove(PAPER)
    # A page that has moved leads on before anybody could look at it.
    paths = [path for path in paths if 'http-equiv="refresh"' not in Path(site, path).read_text()]
    if os.environ.get("ALL_LOOKS"):
        assert [fault for path in paths for fault in faults(path)] == []
    else:
        paths = paths[number :: len(LOOKS)]
        assert [fault for path in paths for fault in faults(path, SHARED, COLORLESS)] == []


def test_what_keeps_people_out_is_found(browser, address):
    """A picture without a word, and gray on gray, are named."""
    page = browser.new_page(base_url=address)
    page.goto("index.html")
    page.evaluate(
        "document.querySelector('article').insertAdjacentHTML('beforeend', "
        '\'<img src="assets/preview.png"><p style="color: #999; background: #888">gray</p>\')'
    )
    found = {fault["id"] for fault in Axe().run(page, options=RULES).response["violations"]}
    page.close()
    assert {"image-alt", "color-contrast"} <= found
