"""Each table has its box, which scrolls without a script; Material's styles know it."""

from types import SimpleNamespace

import pytest
from mkdocs.exceptions import PluginError

from pipeline import tables


def test_a_table_gets_its_box():
    """Once, and one that has a class of its own stays as it is."""
    html = "<p>x</p><table><tr><td>1</td></tr></table><table class='own'></table>"
    boxed = tables.on_page_content(html)
    assert boxed.count("md-typeset__scrollwrap") == boxed.count('<table class="data">') == 1
    assert "<table class='own'></table>" in boxed
    assert tables.on_page_content(boxed) == boxed


def test_other_styles_than_materials_fail_the_build(tmp_path):
    """A Material that names tables otherwise would leave them without any style."""
    file = tmp_path / "assets/stylesheets/main.0.min.css"
    file.parent.mkdir(parents=True)
    config = SimpleNamespace(site_dir=tmp_path)
    file.write_text(".md-typeset table:not([class]) td{padding:1em}")
    tables.on_post_build(config=config)
    assert file.read_text() == ".md-typeset table.data td{padding:1em}"
    with pytest.raises(PluginError, match="no rule for table:not"):
        tables.on_post_build(config=config)


def test_a_wide_table_scrolls_without_a_script(browser, address):
    """In its own box: the page itself is as wide as a phone."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": 375, "height": 700})
    page = context.new_page()
    page.goto(f"{address}/about/verification/")
    sizes = "e => [e.scrollWidth, e.clientWidth]"
    inside, box = page.locator(".mistakes .md-typeset__scrollwrap").evaluate(sizes)
    whole, screen = page.locator("html").evaluate(sizes)
    context.close()
    assert inside > box
    assert whole <= screen
