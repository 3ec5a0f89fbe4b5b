"""What a first visit to a page loads, compressed as hosts do it."""

import functools
import re
from pathlib import Path
from urllib.parse import urljoin

import brotli
import pytest

#: In bytes. A recipe and the two references have drawings or a long table in the page.
PAGE, DRAWN = 100_000, 145_000
HEAVY = ("recipes/", "reference/", "notebooks/")
#: The first lesson has the player, formulas and exercises, and the guide to the checker has the
#: whole tool for its copy button; the home page has to do without them.
OWN = {"learn/toy-example/": 102_000, "guides/checker/": 106_000}
NOT_VISITED = ("404.html", "print/index.html")
NAMED = re.compile(r'<(?:script|link rel="(?:stylesheet|icon)")[^>]*? (?:src|href)="([^":]+)"')

IMPORTED = re.compile(r'^import .* from "\./([^"]+)"', re.MULTILINE)


@pytest.fixture(scope="module")
def weigh(site):
    """Return a function from files of the site to their compressed size in bytes, looked up once.

    Hosts press as hard as brotli can, which takes it ten times as long as nearly as hard.
    """

    @functools.cache
    def size(path, quality):
        data = path.read_bytes()
        return len(data if path.suffix == ".woff2" else brotli.compress(data, quality=quality))

    return lambda paths, quality=11: sum(size(path, quality) for path in paths)


def loaded(site, page):
    """List the files that a browser asks for when it shows a page."""
    text = page.read_text(encoding="utf-8")
    files = {Path(urljoin(page.as_posix(), name)) for name in NAMED.findall(text)}
    if "<math" in text:
        files |= set(site.glob("assets/fonts/*.woff2"))
    for mark, door in (('"explorable"', "explorable.js"), ('"explorable recorder"', "recorder.js")):
        if f"class={mark}" in text:
            files |= imported(site / "assets/explorable" / door)
    return {page, *files, site / "sitemap.xml"}


def imported(module):
    """List a module and all that it imports."""
    names = IMPORTED.findall(module.read_text(encoding="utf-8"))
    return {module}.union(*(imported(module.parent / name) for name in names))


def test_no_page_is_heavier_than_it_should_be(site, weigh):
    """Each page, with all that it loads."""
    heavy = {}
    for page in site.rglob("*.html"):
        name = page.relative_to(site).as_posix()
        if name in NOT_VISITED:
            continue
        own = OWN.get(name.removesuffix("index.html"), PAGE)
        most = DRAWN if name.startswith(HEAVY) else own
        files = loaded(site, page)
        if weigh(files, quality=9) > most and (total := weigh(files)) > most:
            heavy[name] = total
    assert heavy == {}


@pytest.mark.parametrize(
    "path", ["", "learn/the-issue/", "learn/explore/", "recipes/maml/", "notebooks/recipes/maml/"]
)
def test_a_browser_loads_what_was_weighed(page, site, path, ready):
    """Nothing else, and the search's parts only when somebody turns to the search."""
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    with page.expect_event("requestfinished", lambda request: "sitemap.xml" in request.url):
        ready(page, f"/{path}")
    files = {Path(site, url.split("/", 3)[3] or "index.html") for url in asked if "http" in url[:4]}
    files = {file / "index.html" if file.is_dir() else file for file in files}
    assert files <= loaded(site, Path(site, path, "index.html"))
    assert not any("search_index" in url for url in asked)
    with page.expect_event("requestfinished", lambda request: "search_index" in request.url):
        page.locator("input.md-search__input").focus()


def test_the_font_has_each_letter_and_no_more(site):
    """What formulas are written with, in italics too; not the thousands that they are not."""
    from fontTools.ttLib import TTFont

    font = TTFont(next(site.glob("assets/fonts/*.woff2")))
    known = {chr(code) for code in font.getBestCmap()}
    italic = ["\N{MATHEMATICAL ITALIC SMALL A}", "\N{MATHEMATICAL ITALIC SMALL THETA}"]
    assert {*"=+∂∑θ", *italic} <= known
    assert len(known) < 400
    assert "MATH" in font
