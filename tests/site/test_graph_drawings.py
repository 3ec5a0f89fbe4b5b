"""Autograd graphs on the built site: drawn on each page that states one, legible, and enlarged."""

import pytest
from playwright.sync_api import expect

from measured.questions.__main__ import location
from proofread.show.kinds import Graph

PAGE = "/learn/create-graph/"


def test_each_graph_that_a_page_states_is_drawn(site, report):
    """With what it shows as the drawing's name, and its nodes as words."""
    stated = [(page, piece) for page in report.pages.values() for piece in page.of(Graph)]
    assert len(stated) >= 20
    for page, piece in stated:
        html = (site / location(page.path) / "index.html").read_text(encoding="utf-8")
        (figure,) = html.split(f'<figure class="graph" id="{piece.anchor}"')[1:]
        figure = figure.split("</figure>")[0]
        assert f'<title id="{piece.anchor}-title">' in figure
        for line in piece.outline:
            name = line.split(":")[0].split(" = ")[0].strip("[]")
            assert name.startswith("#") or name in figure


def test_a_graph_can_be_enlarged_by_keyboard(page, ready):
    """A button opens it as large as the window; Escape puts it back, and the focus."""
    ready(page, PAGE)
    figure = page.locator("figure.graph").first
    before = figure.locator("svg").bounding_box()["width"]
    button = figure.get_by_role("button", name="Enlarge the figure")
    button.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Enlarged figure")
    expect(dialog).to_be_visible()
    assert dialog.locator("svg").bounding_box()["width"] > 1.3 * before
    assert page.evaluate("document.activeElement.closest('dialog') !== null")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    assert figure.locator("svg").bounding_box()["width"] == pytest.approx(before)
    expect(button).to_be_focused()
    button.click()
    page.get_by_role("button", name="Close").click()
    expect(figure.locator("svg")).to_have_count(1)


def test_curves_can_be_enlarged_after_instant_navigation(page, ready):
    """The button is there on the pages that come later, once for each figure."""
    ready(page, PAGE)
    page.locator("a[href$='recipes/maml/']").first.evaluate("link => link.click()")
    page.wait_for_url("**/recipes/maml/")
    page.locator("figure.drawing .zoom-in").first.wait_for()
    figures = page.locator("article figure:is(.graph, .drawing)").count()
    expect(page.locator(".zoom-in")).to_have_count(figures)
    page.locator("figure.drawing .zoom-in").first.click()
    expect(page.locator("dialog svg")).to_be_visible()


def test_without_javascript_the_graph_teaches(browser, address):
    """It is there, and has no button that does nothing."""
    context = browser.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.goto(PAGE)
    assert page.locator("figure.graph svg").first.is_visible()
    assert page.locator(".zoom-in").count() == 0
    context.close()


CONTRAST = """
element => {
  const luminance = (color) => {
    const [r, g, b] = color.match(/[\\d.]+/g).slice(0, 3).map((c) => c / 255)
      .map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const box = getComputedStyle(element.parentNode.querySelector("polygon")).fill
  const [low, high] = [getComputedStyle(element).fill, box].map(luminance).sort((a, b) => a - b)
  return (high + 0.05) / (low + 0.05)
}
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_graph_is_legible_in_both_schemes(browser, address, scheme):
    """Each word in a node has the contrast that WCAG asks of small text."""
    context = browser.new_context(base_url=address, color_scheme=scheme)
    page = context.new_page()
    page.goto(PAGE)
    words = page.locator("figure.graph .node text").all()
    assert len(words) > 10
    assert min(word.evaluate(CONTRAST) for word in words) >= 4.5
    context.close()
