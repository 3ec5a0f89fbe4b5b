"""A reader opens the site in Chromium, and uses it."""

import os
import re
import subprocess
import sys
from collections import defaultdict

import pytest
from playwright.sync_api import expect

from measured.questions.__main__ import location
from proofread.show.kinds import Include

PHONE = {"width": 390, "height": 844}


def test_home_answers_at_once(page, ready):
    """The picture is on the first screen of the home page; below, wrong and right side by side."""
    page.set_viewport_size({"width": 1280, "height": 800})
    ready(page, "/")
    said = page.locator(".explorable [role=status]")
    expect(said).to_contain_text("answers ∂d/∂a = 2. The derivative is 10")
    box = said.bounding_box()
    assert box["y"] + box["height"] <= 800
    wrong = page.locator("figure.snippet.wrong").first
    right = page.locator(".side-by-side figure.snippet.right").first
    assert "dd_da is 2.0, the derivative is 10.0" in wrong.inner_text()
    assert "create_graph=True" in right.inner_text()
    assert abs(wrong.bounding_box()["y"] - right.bounding_box()["y"]) < 5
    assert right.bounding_box()["x"] > wrong.bounding_box()["x"]


def test_the_navigation_leads_through_the_site_on_a_phone(page, site, sections, ready):
    """Every page opens, with a heading and its verification line, and copies what the engine ran.

    Code, formulas and outputs scroll in their own boxes, never the page, and none is cut off.
    """
    page.set_viewport_size(PHONE)
    page.goto("/")
    home = page.url
    links = page.locator(".md-nav--primary a.md-nav__link[href]")
    urls = {link.evaluate("a => a.href.split('#')[0]") for link in links.all()}
    assert len(urls) >= 13
    notebooks = [path.relative_to(site).as_posix() for path in site.glob("notebooks/**/*.html")]
    assert notebooks
    for url in [*urls, *notebooks]:
        ready(page, url)
        assert page.locator("h1").count() == 1, url
        if url in urls:
            assert "with PyTorch" in page.locator(".verified").inner_text(), url
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], url
        blocks = sections.get(url.removeprefix(home), {})
        assert page.evaluate(PRESS, list(blocks)) == list(blocks.values()), url
    assert {home + path for path in sections} <= urls


def test_the_operators_can_be_read_on_a_phone(page, ready):
    """No part of the table is out of sight to the side, and each answer says what it answers."""
    ready(page, "/reference/operators/")
    heads = page.locator("#operators thead th").all_inner_texts()
    page.set_viewport_size(PHONE)
    box = page.locator(".operators")
    assert box.evaluate("box => box.scrollWidth <= box.clientWidth")
    cells = page.locator("#operators tbody tr").first.locator("td")
    said = cells.evaluate_all("all => all.map(cell => getComputedStyle(cell, '::before').content)")
    assert [words.strip('": ') for words in said[1:]] == heads[2:]
    page.get_by_label("Filter").fill("hardsigmoid")
    told = page.locator(".operators-filter output")
    expect(told).to_have_text(re.compile(r"^[2-9] of "))
    shown = int(told.inner_text().split()[0])
    expect(page.locator("#operators tbody tr:visible")).to_have_count(shown)


def test_the_color_scheme_switches_and_stays(page, ready):
    """A press switches to dark, and the next page is dark too."""
    ready(page, "/")
    page.get_by_role("button", name="Dark colors", pressed=False).click()
    shows(page, "slate")
    ready(page, "/learn/toy-example/")
    shows(page, "slate")
    page.get_by_role("button", name="Dark colors", pressed=True).click()
    shows(page, "default")


def test_the_color_scheme_is_the_systems_until_a_reader_chooses(page, ready, settled):
    """It follows when the system changes; what was chosen stays."""

    def change(system):
        page.emulate_media(color_scheme=system)
        page.wait_for_function(f"matchMedia('(prefers-color-scheme: {system})').matches")
        settled(page)  # Who listens is told before the next frame.

    ready(page, "/")
    for system, scheme in (("dark", "slate"), ("light", "default"), ("dark", "slate")):
        change(system)
        shows(page, scheme)
    page.get_by_role("button", name="Dark colors").click()
    shows(page, "default")
    for system in ("light", "dark"):
        change(system)
        shows(page, "default")
    assert page.evaluate("document.documentElement.style.colorScheme") == "light"


def shows(page, scheme):
    expect(page.locator("body")).to_have_attribute("data-md-color-scheme", scheme)


def test_the_root_is_told_once_what_it_is(page, ready):
    """Each later word would have the browser style all of the page anew, while it loads."""
    page.add_init_script("""
        window.said = []
        const changed = (one) => one.oldValue !== one.target.getAttribute(one.attributeName)
        const root = (one) => [document.documentElement, document.body].includes(one.target)
        const note = (one) => said.push(`${one.target.localName} ${one.attributeName}`)
        new MutationObserver((all) => all.filter(root).filter(changed).forEach(note))
          .observe(document, { subtree: true, attributes: true, attributeOldValue: true })
    """)
    ready(page, "/recipes/maml/")
    # No rule asks for the last.
    once = ["html class", "html style", "html data-js-focus-visible"]
    assert sorted(page.evaluate("said")) == sorted(once)


def test_what_is_copied_runs(page, tmp_path):
    """The copy button's text, pasted into a file, runs and prints what was shown."""
    page.goto("/learn/toy-example/")
    block = page.locator("figure.snippet", has_text="dd_da: 10.0").first
    assert run(copy(page, block), tmp_path).strip().endswith("dd_da: 10.0")


#: Presses the button of each block of a section; says what it then copies, by the block's anchor.
PRESS = """(anchors) => anchors.map((anchor) => {
  const button = document.getElementById(anchor).closest("figure")
    .querySelector("[data-clipboard-target]")
  button.click()
  return button.dataset.clipboardText
})"""


def test_a_section_copies_the_whole_file(page, sections, ready):
    """What lies on the clipboard: once in each folder of pages; with ALL_LOOKS=1, on each page."""
    folders = {path.split("/")[0]: path for path in sections}
    for path in sections if os.environ.get("ALL_LOOKS") else folders.values():
        anchor, text = next(iter(sections[path].items()))
        ready(page, f"/{path}")
        assert copy(page, page.locator(f"figure:has(#{anchor})")) == text


@pytest.fixture(scope="module")
def sections(report):
    """Map each page's path to the blocks that show one section: anchor -> the file that ran."""
    found = defaultdict(dict)
    for path, page in report.pages.items():
        for piece in page.of(Include):
            if piece.section:
                found[location(path)][piece.anchor] = report.verdicts[piece.name].snippet.whole()
    return found


#: Turns to the tab that a block stands in, or chooses the loss whose code it is.
OPEN = """(block) => {
  const losses = block.closest(".recorder")?.querySelector("select")
  if (losses) {
    losses.selectedIndex = [...block.parentNode.querySelectorAll("figure")].indexOf(block)
    losses.dispatchEvent(new Event("input", { bubbles: true }))
  }
  const tab = block.closest(".tabbed-block")
  if (!tab) return
  const number = [...tab.parentNode.children].indexOf(tab)
  tab.closest(".tabbed-set").querySelectorAll(":scope > input")[number].click()
}"""


def copy(page, block):
    """Press a block's copy button and return the clipboard's text."""
    block.evaluate(OPEN)
    block.hover()
    block.locator("[data-clipboard-target]").click()
    page.locator(".md-dialog--active").wait_for()
    return page.evaluate("navigator.clipboard.readText()")


def run(text, folder):
    """Run a reader's file, and return what it printed."""
    file = folder / "pasted.py"
    file.write_text(text, encoding="utf-8")
    return subprocess.run(
        [sys.executable, file], cwd=folder, check=True, capture_output=True, text=True
    ).stdout
