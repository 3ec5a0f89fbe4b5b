"""Each table has its box, which scrolls without a script; Material's styles know it."""


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
