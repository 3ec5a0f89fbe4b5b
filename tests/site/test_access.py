"""No page fails axe-core, which finds what keeps people from reading it."""

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

#: Light on a wide screen and dark on a phone. ALL_LOOKS=1 adds the other two, and all pages: that
#: is done once a week, since pages of a kind share the templates and pieces that can be at fault.
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
    "learn/explore/index.html",
    "reference/libraries/index.html",
    "errors/index.html",
]
#: It holds the pages once more; tests/site/test_paper.py looks at what is its own.
PAPER = "print/index.html"
#: What axe-core's rules are named after: WCAG 2.2 up to AA, and its own good practice.
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
#: Puts a token of each kind that Pygments knows into each block, and into a line that stands out.
TOKENS = """() => document.querySelectorAll("pre code").forEach((code) => {
  const tokens = ("c c1 cm cp cs err gd gi gr gs gu k kc kd kn kp kr kt l m mb mf mh mi mo n na "
    + "nb nc nd ne nf ni nl nn no nt nv o ow p s s1 s2 sa sb sc sd se sh si sr ss sx vc vg vi")
    .split(" ").map((kind) => `<span class="${kind}">${kind}</span>`).join(" ")
  code.innerHTML = `${tokens}<span class="hll">${tokens}</span>`
})"""


@pytest.fixture(scope="module", params=LOOKS, ids=lambda look: f"{look[0]}-{look[1][0]}")
def look(request, browser, address):
    """Return a function from a page's path to what axe-core finds."""
    scheme, (width, height) = request.param
    context = browser.new_context(
        base_url=address, color_scheme=scheme, viewport={"width": width, "height": height}
    )
    page = context.new_page()

    def faults(path):
        page.goto(path, wait_until="load")
        return [
            f"{path}: {fault['id']}: {fault['help']}: {fault['nodes'][0]['html'][:200]}"
            for fault in Axe().run(page, options=RULES).response["violations"]
        ]

    yield faults
    context.close()


@pytest.mark.timeout(900)
def test_no_page_keeps_anybody_out(look, site):
    """One page of each kind; with ALL_LOOKS=1 each page."""
    paths = KINDS
    if os.environ.get("ALL_LOOKS"):
        paths = sorted(path.relative_to(site).as_posix() for path in Path(site).rglob("*.html"))
        paths.remove(PAPER)
        # A page that has moved leads on before anybody could look at it.
        paths = [one for one in paths if 'http-equiv="refresh"' not in Path(site, one).read_text()]
    assert [fault for path in paths for fault in look(path)] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_each_color_of_code_can_be_read(browser, address, scheme):
    """In wrong, right and plain blocks, also where no page shows that token today."""
    page = browser.new_page(base_url=address, color_scheme=scheme)
    page.goto("pitfalls/norm-at-zero/index.html")
    page.evaluate(TOKENS)
    found = Axe().run(page, options={"runOnly": ["color-contrast"]}).response["violations"]
    page.close()
    assert [node["html"] for fault in found for node in fault["nodes"]] == []


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
