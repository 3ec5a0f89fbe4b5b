"""A reader opens the site in Chromium, and uses it."""

import subprocess
import sys

from proofread.show.kinds import Include

PHONE = {"width": 390, "height": 844}


def test_home_answers_at_once(page):
    """The picture is on the first screen of the home page; below, wrong and right side by side."""
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto("/")
    said = page.locator(".explorable [role=status]")
    assert "answers ∂d/∂a = 2. The derivative is 10" in said.inner_text()
    box = said.bounding_box()
    assert box["y"] + box["height"] <= 800
    wrong = page.locator("figure.snippet.wrong").first
    right = page.locator(".side-by-side figure.snippet.right").first
    assert "dd_da is 2.0, the derivative is 10.0" in wrong.inner_text()
    assert "create_graph=True" in right.inner_text()
    assert abs(wrong.bounding_box()["y"] - right.bounding_box()["y"]) < 5
    assert right.bounding_box()["x"] > wrong.bounding_box()["x"]


def test_the_navigation_leads_through_the_site(page):
    """Every page of the navigation opens, with a heading and its verification line."""
    page.goto("/")
    links = page.locator(".md-nav--primary a.md-nav__link[href]")
    urls = {link.evaluate("a => a.href.split('#')[0]") for link in links.all()}
    assert len(urls) >= 13
    for url in urls:
        page.goto(url)
        assert page.locator("h1").count() == 1
        assert "with PyTorch" in page.locator(".verified").inner_text()


def test_nothing_scrolls_sideways_on_a_phone(page):
    """On a phone, code and formulas scroll in their own boxes, never the page."""
    page.set_viewport_size(PHONE)
    page.goto("/")
    links = page.locator(".md-nav--primary a.md-nav__link[href]").all()
    for url in {link.evaluate("a => a.href.split('#')[0]") for link in links}:
        page.goto(url)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= PHONE["width"], url


def test_the_operators_can_be_read_on_a_phone(page):
    """No part of the table is out of sight to the side, and each answer says what it answers."""
    page.goto("/reference/operators/")
    heads = page.locator("#operators thead th").all_inner_texts()
    page.set_viewport_size(PHONE)
    box = page.locator(".operators")
    assert box.evaluate("box => box.scrollWidth <= box.clientWidth")
    cells = page.locator("#operators tbody tr").first.locator("td")
    said = cells.evaluate_all("all => all.map(cell => getComputedStyle(cell, '::before').content)")
    assert [words.strip('": ') for words in said[1:]] == heads[2:]
    page.get_by_label("Filter").fill("hardsigmoid")
    assert 1 < page.locator("#operators tbody tr:visible").count() < 10


def test_the_color_scheme_switches_and_stays(page):
    """A press switches to dark, and the next page is dark too."""
    page.goto("/")
    page.get_by_role("button", name="Dark colors", pressed=False).click()
    assert page.locator("body").get_attribute("data-md-color-scheme") == "slate"
    page.goto("/learn/toy-example/")
    assert page.locator("body").get_attribute("data-md-color-scheme") == "slate"
    page.get_by_role("button", name="Dark colors", pressed=True).click()
    assert page.locator("body").get_attribute("data-md-color-scheme") == "default"


def test_the_color_scheme_is_the_systems_until_a_reader_chooses(page):
    """It follows when the system changes; what was chosen stays."""

    def shown(system):
        page.emulate_media(color_scheme=system)
        page.evaluate("new Promise((done) => setTimeout(() => requestAnimationFrame(done), 50))")
        return page.locator("body").get_attribute("data-md-color-scheme")

    page.goto("/")
    assert [shown(system) for system in ("dark", "light", "dark")] == ["slate", "default", "slate"]
    page.get_by_role("button", name="Dark colors").click()
    assert [shown(system) for system in ("light", "dark")] == ["default", "default"]
    assert page.evaluate("document.documentElement.style.colorScheme") == "light"


def test_the_root_is_told_once_what_it_is(page):
    """Each later word would have the browser style all of the page anew, while it loads."""
    page.add_init_script("""
        window.said = []
        const changed = (one) => one.oldValue !== one.target.getAttribute(one.attributeName)
        const root = (one) => [document.documentElement, document.body].includes(one.target)
        const note = (one) => said.push(`${one.target.localName} ${one.attributeName}`)
        new MutationObserver((all) => all.filter(root).filter(changed).forEach(note))
          .observe(document, { subtree: true, attributes: true, attributeOldValue: true })
    """)
    page.goto("/recipes/maml/")
    page.wait_for_function("window.component$")
    page.wait_for_timeout(300)
    # No rule asks for the last.
    once = ["html class", "html style", "html data-js-focus-visible"]
    assert sorted(page.evaluate("said")) == sorted(once)


def test_what_is_copied_runs(page, tmp_path):
    """The copy button's text, pasted into a file, runs and prints what was shown."""
    page.goto("/learn/toy-example/")
    block = page.locator("figure.snippet", has_text="dd_da: 10.0").first
    assert run(copy(page, block), tmp_path).strip().endswith("dd_da: 10.0")


def test_a_section_copies_the_whole_file(page, report, tmp_path):
    """A block that shows only a section copies code that runs by itself."""
    shown = {include.name: (path, include) for path, include in sections(report)}
    for path, include in shown.values():
        verdict = report.verdicts[include.name]
        url = path.removeprefix("docs").removesuffix(".md").removesuffix("index")
        page.goto(f"/{url.strip('/')}/".replace("//", "/"))
        block = page.locator(f"figure:has(#{include.anchor})")
        text = copy(page, block)
        # What the engine ran; a few are run once more, as a reader would.
        assert text == verdict.snippet.whole()
        if not verdict.snippet.raises and verdict.outcome.seconds < 0.05:
            run(text, tmp_path)


def sections(report):
    """List (page path, include) of each block that shows one section."""
    from proofread.project import Project

    with Project() as project:
        pages = [project.page(path) for path in project.docs.rglob("*.md")]
    return [(page.path, piece) for page in pages for piece in page.of(Include) if piece.section]


def copy(page, block):
    """Press a block's copy button and return the clipboard's text."""
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
