"""The toy example that a reader plays: its mathematics, its controls, and what is there without."""

import gzip
import math
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted(ROOT.glob("docs/assets/explorable/*.js"))
PAGES = ["/", "/learn/toy-example/"]
GRID = "learn/toy_example/grid.py"
LAST = 13
#: How PyTorch's messages begin.
NO_GRAD_FN = "element 0 of tensors does not require grad and does not have a grad_fn"
UNUSED = "One of the differentiated Tensors appears to not have been used in the graph"


def ask(page, module, body, data=None):
    """Return what ``body``, a function of the module and the data, returns in the browser."""
    page.goto("/")
    return page.evaluate(
        "async ([module, data]) => {"
        " const found = await import(`${location.origin}/assets/explorable/${module}`);"
        f" return ({body})(found, data) }}",
        [module, data],
    )


@pytest.fixture
def points(values):
    """Each point of PyTorch's grid: power, a, b, d, silent answer, derivative."""
    found = values(GRID)
    return [
        (power, a, b, *answers)
        for power, rows in zip((2, 3), found["grid"], strict=True)
        for a, row in zip(found["numbers"], rows, strict=True)
        for b, answers in zip(found["numbers"], row, strict=True)
    ]


def test_the_tape_answers_as_pytorch_does(page, points):
    """At each point of the grid, with the switch on and off, to nine digits."""
    assert 2 * len(points) >= 200
    answers = ask(
        page,
        "example.js",
        "(m, points) => points.map(([power, a, b]) => [false, true].map((createGraph) => {"
        " const { d, dd_da } = m.play({ power, a, b, createGraph }); return [d, dd_da] }))",
        points,
    )
    for (*_, d, silent, derivative), (off, on) in zip(points, answers, strict=True):
        assert off == pytest.approx([d, silent], rel=1e-9, abs=1e-12)
        assert on == pytest.approx([d, derivative], rel=1e-9, abs=1e-12)


def test_the_shade_is_where_pytorch_has_the_wrong_sign(page, points):
    """A slider's shade ends where silent answer and derivative begin to differ in sign."""
    shades = ask(
        page,
        "example.js",
        "(m, points) => points.map(([power, a, b]) => ['a', 'b'].map((name) =>"
        " m.wrongSign({ power, a, b }, name).map(String)))",
        points,
    )
    for (_, a, b, _, silent, derivative), shade in zip(points, shades, strict=True):
        for at, ends in zip((a, b), shade, strict=True):
            start, end = (float(text.replace("Infinity", "inf")) for text in ends)
            if at and b:
                inside = start + 1e-9 < at < end - 1e-9
                assert inside == (silent * derivative < 0), (a, b, start, end)


def test_the_tape_differentiates_as_often_as_asked(page):
    """x cubed at 3, and its four derivatives."""
    body = """(m) => {
      const x = new m.Value(3, true)
      const found = [m.pow(x, 3)]
      while (found.length < 5) found.push(m.grad(found.at(-1), x, true))
      return found.map((value) => value.data)
    }"""
    assert ask(page, "tape.js", body) == [27, 27, 18, 6, 0]


def test_what_is_used_twice_gets_both_shares(page):
    """x (x + y) at x = 3, y = 4: the derivatives are 2x + y and x."""
    body = """(m) => {
      const [x, y] = [new m.Value(3, true), new m.Value(4, true)]
      const output = () => m.mul(x, m.add(x, y))
      return [m.grad(output(), x).data, m.grad(output(), y).data]
    }"""
    assert ask(page, "tape.js", body) == [10, 3]


def test_a_gradient_is_a_constant_unless_asked(page):
    """Without createGraph it has no edge, so that it has no gradient of its own."""
    body = """(m) => {
      const x = new m.Value(3, true)
      const [off, on] = [false, true].map((flag) => m.grad(m.pow(x, 3), x, flag))
      let error = ""
      try { m.grad(off, x) } catch (thrown) { error = thrown.message }
      // What failed must not leave the tape off.
      return [off.requiresGrad, on.requiresGrad, error, m.pow(x, 2).requiresGrad]
    }"""
    assert ask(page, "tape.js", body) == [False, True, NO_GRAD_FN, True]


def test_an_unused_input_is_an_error(page):
    """As in PyTorch; and the tape goes on recording."""
    body = """(m) => {
      const [x, y] = [new m.Value(3, true), new m.Value(4, true)]
      let error = ""
      try { m.grad(m.pow(x, 2), y) } catch (thrown) { error = thrown.message }
      return [error, m.pow(x, 2).requiresGrad]
    }"""
    assert ask(page, "tape.js", body) == [UNUSED, True]


def status(page):
    return page.locator(".explorable [role=status]")


def sentence(page):
    return page.locator(".explorable-sentence").inner_text()


def press(page, locator, key="Enter"):
    """Press a key where the focus comes with Tab, as for who has no mouse."""
    for _ in range(200):
        if locator.evaluate("element => element === document.activeElement"):
            page.keyboard.press(key)
            return
        page.keyboard.press("Tab")
    raise AssertionError("Tab does not lead there")


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(("on", "answer"), [(False, "2"), (True, "10")])
def test_the_keyboard_steps_to_the_answer(page, path, on, answer, ready):
    """From the start to the end, a sentence for each step, 2 without create_graph and 10 with."""
    ready(page, path)
    page.locator(".explorable select").focus()
    expect(page.locator(".explorable select")).to_be_focused()
    if on:
        press(page, page.get_by_role("switch", name="create_graph"), "Space")
    expect(page.get_by_role("switch", name="create_graph")).to_be_checked(checked=on)
    step = page.locator(".explorable-step")
    expect(step).to_have_text("Step through it")
    said = []
    for number in range(LAST + 1):
        press(page, step)
        if number < LAST:
            expect(page.locator(".explorable-word")).to_have_text(f"Step {number} of {LAST}")
        said.append(sentence(page))
    assert len(set(said)) == LAST + 1
    assert said[-1].startswith(f"PyTorch answers ∂d/∂a = {answer}")
    expect(status(page)).to_contain_text(re.compile("^right" if on else "^wrong", re.IGNORECASE))
    expect(page.locator(".explorable .answer")).to_have_text(f"∂d/∂a = {answer}")
    expect(page.get_by_text("stops: a constant")).to_be_visible(visible=not on)
    # Back, from the keyboard as well.
    press(page, page.locator(".explorable-back"))
    expect(page.locator(".explorable-sentence")).to_have_text(said[-2], use_inner_text=True)


def test_what_is_due_later_is_not_told(page, ready):
    """At the start there is no answer to be seen, nor when the first pass ends, with 4."""
    ready(page, "/")
    hidden = "element => getComputedStyle(element).opacity === '0'"
    step = page.locator(".explorable-step")
    step.click()
    answer, value = page.locator(".explorable .answer"), page.locator("[data-value=dc_da]")
    expect(page.locator(".explorable-formulas [data-state=later]")).to_have_count(4)
    page.wait_for_function(hidden, arg=answer.element_handle())
    page.wait_for_function(hidden, arg=value.element_handle())
    for _ in range(4):
        step.click()
    assert value.evaluate(hidden)
    step.click()
    page.wait_for_function(f"element => !({hidden})(element)", arg=value.element_handle())
    expect(value).to_have_text("4")
    assert answer.evaluate(hidden)


def test_the_line_that_runs_is_marked(page, ready):
    """Each step marks one line of the code, and the formula of that line."""
    ready(page, "/")
    step, marked = page.locator(".explorable-step"), []
    for _ in range(LAST + 1):
        step.click()
        lines = page.locator(".explorable code [aria-current=step]").all_inner_texts()
        formulas = page.locator(".explorable li[aria-current=step]").all()
        names = [line.split(" = ")[0].strip() for line in lines]
        assert names == [formula.get_attribute("data-line") for formula in formulas]
        marked.append("".join(names))
    assert list(dict.fromkeys(marked)) == ["", "c", "dc_da", "d", "dd_da"]


def test_sliders_and_boxes_agree(page, ready, settled):
    """What one says the other says; what is no number, or too large, changes nothing."""
    ready(page, "/")
    box, slider = (page.locator(f"input[type={kind}][name=b]") for kind in ("number", "range"))
    box.fill("-1")
    said = page.locator(".explorable-sentence")
    expect(slider).to_have_value("-1")
    expect(said).to_contain_text("= \N{MINUS SIGN}1. The derivative is 1: even the sign is wrong.")
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(box).to_have_value("-0.9")
    expect(said).to_contain_text("\N{MINUS SIGN}0.9")
    before = said.inner_text()
    for wrong in ("7", ""):
        box.fill(wrong)
        settled(page)
        assert said.inner_text() == before
        page.locator(".explorable-step").focus()
        expect(box).to_have_value("-0.9")
        assert said.inner_text() == before


def test_the_derivative_follows_a_only_for_the_cube(page, ready, settled):
    """b(1 + 2b) stays where a moves; b(1 + 6ab) does not."""
    ready(page, "/")
    page.get_by_role("switch").check()
    answer = page.locator(".explorable .answer tspan")
    for power, answers in (("2", ("10", "10")), ("3", ("26", "\N{MINUS SIGN}46"))):
        page.locator(".explorable select").select_option(power)
        for a, expected in zip(("1", "-2"), answers, strict=True):
            page.locator("input[type=number][name=a]").fill(a)
            settled(page)
            expect(answer).to_have_text(expected)


def test_the_wrong_sign_is_shaded(page, ready, settled):
    """Below b = -1/2 for the square; at b = -1, at any a."""
    ready(page, "/")
    expect(page.get_by_role("switch")).to_be_enabled()

    def shade(name):
        settled(page)
        band = page.locator(f"[data-shade={name}]")
        drawn = band.evaluate("band => parseFloat(getComputedStyle(band, '::before').width)")
        return drawn / band.bounding_box()["width"]

    assert shade("b") == pytest.approx((-0.5 + 3) / 6, abs=0.02)
    assert shade("a") == pytest.approx(0, abs=0.02)
    page.locator("input[type=number][name=b]").fill("-1")
    assert shade("a") == pytest.approx(1, abs=0.02)
    page.locator(".explorable select").select_option("3")
    assert shade("b") == pytest.approx((-1 / 6 + 3) / 6, abs=0.02)


@pytest.mark.parametrize(
    ("on", "guesses", "verdicts"),
    [
        (
            False,
            (4, 9, 8, 10),
            (
                "You predicted 4, rightly: ∂c/∂a = b · 2a = 2 · 2 = 4.",
                "You predicted 9, but d = (a + ∂c/∂a) b = (1 + 4) · 2 = 10.",
                "You predicted 8, but nothing arrives, because no edge leads from ∂c/∂a to a.",
                "You predicted 10, but that is the derivative, of which 8 is lost.",
            ),
        ),
        (
            True,
            (2, 10, 8, 2),
            (
                "You predicted 2, but ∂c/∂a = b · 2a = 2 · 2 = 4.",
                "You predicted 10, rightly: d = (a + ∂c/∂a) b = (1 + 4) · 2 = 10.",
                "You predicted 8, rightly: b · 2b = 8.",
                "You predicted 2, but ∂d/∂a = b + b · 2b = 2 + 8 = 10.",
            ),
        ),
    ],
)
def test_a_prediction_is_asked_for_and_judged(page, ready, on, guesses, verdicts):
    """Before a number is shown; from the keyboard alone, where Enter plays the next step."""
    ready(page, "/")
    page.get_by_role("switch").set_checked(on)
    box, mark = page.locator(".explorable-ask input"), page.locator("[data-asked]")
    expect(box).to_be_hidden()
    page.locator(".explorable-step").click()
    box.focus()
    found = []
    for guess in guesses:
        asked = page.locator(".explorable-question").inner_text()
        expect(mark).to_be_visible()
        page.keyboard.type(str(guess))
        while asked == page.locator(".explorable-question").inner_text():
            assert "You predicted" not in sentence(page).removesuffix(found[-1] if found else "")
            page.keyboard.press("Enter")
        found.append(sentence(page)[sentence(page).index("You predicted") :])
    assert tuple(found) == verdicts
    # The box is gone, and the focus is where the next step is.
    expect(box).to_be_hidden()
    expect(page.locator(".explorable-step")).to_be_focused()
    expect(mark).to_have_count(0)


def test_who_predicts_nothing_is_told_nothing(page, ready):
    """A prediction is never needed, and one for another example is forgotten."""
    ready(page, "/")
    step, box = page.locator(".explorable-step"), page.locator(".explorable-ask input")
    step.click()
    box.fill("4")
    page.locator("input[type=number][name=b]").fill("1")
    expect(box).to_have_value("")
    for _ in range(LAST):
        step.click()
        assert "predicted" not in sentence(page)


def picture(page):
    """The picture as markup, in one way of writing."""
    markup = page.locator(".explorable-picture").evaluate("picture => picture.outerHTML")
    return re.sub(r"\s+", " ", markup)


@pytest.mark.parametrize("path", PAGES)
def test_without_javascript_the_picture_says_it(browser, address, page, path, ready):
    """The same picture, sentence and formulas as where the script starts, and nothing to press."""
    ready(page, path)
    context = browser.new_context(base_url=address, java_script_enabled=False)
    plain = context.new_page()
    plain.goto(path)
    assert plain.locator(".explorable-picture").is_visible()
    assert picture(plain) == picture(page)
    for part in (".explorable-sentence", ".explorable-word", ".explorable-formulas"):
        assert plain.locator(part).inner_text() == page.locator(part).inner_text()
    assert "The derivative is 10" in status(plain).inner_text()
    assert not plain.locator(".explorable-controls").is_visible()
    assert not plain.locator(".explorable-buttons").is_visible()
    color = "element => getComputedStyle(element).color"
    words = plain.locator(".explorable-word"), page.locator(".explorable-word")
    assert words[0].evaluate(color) == words[1].evaluate(color)
    context.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_the_script_moves_nothing(browser, address, width, ready, settled):
    """Each part has its place and size before the script comes."""
    boxes = []
    for stopped in (True, False):
        context = browser.new_context(base_url=address, viewport={"width": width, "height": 800})
        page = context.new_page()
        if stopped:
            context.route("**/explorable.js", lambda route: route.abort())
            with page.expect_event("requestfailed", lambda one: "explorable.js" in one.url):
                page.goto("/")
        else:
            ready(page, "/")
        page.evaluate("document.fonts.ready.then(() => 0)")
        settled(page)
        expect(page.locator(".explorable[data-ready]")).to_have_count(0 if stopped else 1)
        parts = page.locator(".explorable, .explorable > *, .explorable-picture text.name")
        boxes.append([part.bounding_box() for part in parts.all()])
        context.close()
    assert boxes[0] == boxes[1]


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_who_wants_no_motion_gets_none(browser, address, motion, ready):
    """The picture changes at once, or in a moment for all others."""
    context = browser.new_context(base_url=address, reduced_motion=motion)
    page = context.new_page()
    ready(page, "/")
    durations = page.locator(".explorable [data-step]").evaluate_all(
        "all => all.map((one) => getComputedStyle(one).transitionDuration)"
    )
    moving = [any(map(float, re.findall(r"[\d.]+", text))) for text in durations]
    context.close()
    assert any(moving) == (motion == "no-preference")


def test_it_works_after_instant_navigation(page, site, address, ready, settled):
    """From a page without it, by a link, without a reload; and again on the next."""
    # Material goes without a reload only where the site map leads, once it has read it.
    places = Path(site, "sitemap.xml").read_text(encoding="utf-8")
    body = re.sub(r"<loc>https?://[^/]+", f"<loc>{address}", places)
    page.route("**/sitemap.xml", lambda route: route.fulfill(body=body, content_type="text/xml"))
    with page.expect_event("requestfinished", lambda request: "sitemap.xml" in request.url):
        ready(page, "/about/contributing/")
    settled(page)
    page.evaluate("window.stayed = true")
    for link, path in ((".md-nav__link[href$='toy-example/']", PAGES[1]), (".md-logo", PAGES[0])):
        page.locator(".explorable").evaluate_all("all => all.forEach((one) => one.id = 'old')")
        page.locator(link).first.evaluate("link => link.click()")
        page.wait_for_url(f"{address}{path}")
        expect(page.locator(".explorable[data-ready]:not(#old)")).to_be_visible()
        page.get_by_role("switch").check()
        expect(page.locator(".explorable-sentence")).to_contain_text("∂d/∂a = 10, the derivative")
        expect(page.locator(".explorable code [aria-current]")).to_contain_text("dd_da")
    assert page.evaluate("window.stayed")


def test_on_paper_there_is_nothing_to_press(page, ready):
    """The picture, the code and the answer are printed, the controls are not."""
    ready(page, "/")
    page.emulate_media(media="print")
    assert page.locator(".explorable-picture").is_visible()
    assert status(page).is_visible()
    assert not page.locator(".explorable-controls, .explorable-buttons").first.is_visible()
    assert not page.locator(".explorable-buttons").is_visible()


def test_it_is_small(site):
    """All modules together, compressed, are less than 15 KB."""
    sent = [Path(site, "assets/explorable", path.name).read_bytes() for path in MODULES]
    assert len(sent) >= 3
    assert sum(len(gzip.compress(data)) for data in sent) < 15_000


def test_the_sign_of_the_site_needs_no_font(site, page, ready):
    """The icon in the tab, and the one in the header, are drawn from paths alone."""
    icon = Path(site, "assets/favicon.svg").read_text(encoding="utf-8")
    ready(page, "/")
    logo = page.locator(".md-header .md-logo svg")
    assert logo.locator("path").count() == 2
    assert math.isclose(logo.bounding_box()["width"], logo.bounding_box()["height"], abs_tol=1)
    assert page.locator("link[rel=icon]").get_attribute("href").endswith("assets/favicon.svg")
    assert icon.count("<path") == 2
    assert "<text" not in icon
