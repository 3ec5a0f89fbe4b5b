"""The whole site on one page, for paper."""

import re
from pathlib import Path

#: Names that occur twice, and links within the page that lead nowhere.
FAULTS = """() => {
  const names = [...document.querySelectorAll('[id]')].map((element) => element.id);
  const known = new Set(names);
  const twice = names.filter((name, place) => names.indexOf(name) < place);
  const lost = [...document.querySelectorAll('a, use')]
    .map((element) => element.getAttribute('href') || element.getAttribute('xlink:href') || '')
    .filter((target) => target.startsWith('#') && !known.has(decodeURIComponent(target.slice(1))));
  return [twice, lost];
}"""


def test_its_links_and_names_hold_within_the_page(page, report):
    """Each name once, each link to a page of the site leads to its place on this one."""
    page.goto("/print/")
    assert page.evaluate(FAULTS) == [[], []]
    assert page.locator("section").count() == len(report.pages)
    assert page.locator("a[href^='../']:not([href*='.'])").count() == 0
    page.evaluate("document.querySelector('h1').id = document.querySelector('section').id")
    page.evaluate("document.querySelector('nav a').setAttribute('href', '#nowhere')")
    assert page.evaluate(FAULTS) == [["home"], ["#nowhere"]]


def test_it_has_all_that_the_pages_say(site):
    """Each page of the site, in the order of the navigation, with its headings and its code."""
    whole = Path(site, "print/index.html").read_text(encoding="utf-8")
    places = []
    for name in ("learn/toy-example", "pitfalls/norm-at-zero", "recipes/maml", "about/reuse"):
        own = Path(site, name, "index.html").read_text(encoding="utf-8")
        places.append(whole.index(f'<section id="{name.replace("/", "-")}"'))
        for heading in re.findall(r'<h[1-3] id="([^"]+)"', own):
            assert f'id="{name.replace("/", "-")}--{heading}"' in whole
        said = re.sub(r"<[^>]*>", "", whole[places[-1] :])
        for code in re.findall(r"<code>(.*?)</code>", own, re.DOTALL):
            assert re.sub(r"<[^>]*>", "", code) in said
    assert places == sorted(places)
    assert "<script" not in whole
