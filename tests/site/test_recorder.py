"""The tape that is recorded as a reader steps through a loss: PyTorch's, and what is said of it."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

ROOT = Path(__file__).resolve().parents[2]
PATH = "/learn/explore/"
RECORDED = "learn/explore/recorded.py"
#: Of each line of the loss: its variable, its value or error, the tape, storages, bytes. The tape
#: has [name, edges, what is kept] of each node; an edge leads to another, the leaf, or nowhere.
TRACE = """async (name) => {
  const { run } = await import(`${location.origin}/assets/explorable/losses.js`)
  return [false, true].map((createGraph) => {
    const { rows, steps, variables, error } = run(name, createGraph)
    const lines = [...new Set(steps.map(({ line }) => line).filter(Boolean))]
    return lines.map((line) => {
      const { freed, kept } = steps.findLast((step) => step.line === line)
      const tape = rows.slice(1, freed.length).map(({ node }, i) => [
        node.name,
        node.edges.map((edge) => edge ? rows.indexOf(edge.to) - 1 : null),
        freed[i + 1] ? [] : node.saved.map(({ data }) => data),
      ])
      const bytes = kept.reduce((sum, { value }) => sum + 4 * value.storage.size, 0)
      return [line, variables[line]?.data ?? error, tape, kept.length, bytes]
    })
  })
}"""
ENDS = {
    "toy": ("wrong", "right"),
    "detached": ("wrong", "wrong"),
    "rectified": ("right", "right"),
    "added": ("raises", "right"),
    "alone": ("raises", "right"),
}
PREDICTIONS = {"right": "the derivative", "wrong": "a wrong number, silently", "raises": "an error"}


def close(found, stated):
    """Say whether two numbers, or lists of them, agree to what single precision has."""
    return found == pytest.approx(stated, rel=1e-5, abs=1e-6)


@pytest.mark.parametrize("name", ENDS)
def test_the_tape_is_that_of_pytorch(page, values, name):
    """Names, edges, values, what is kept and what is freed, after each line of each loss."""
    stated = json.loads(values(RECORDED)["text"])[name]
    page.goto(PATH)
    for lines, those in zip(page.evaluate(TRACE, name), stated, strict=True):
        for ours, theirs in zip(lines, those, strict=True):
            variable, value, tape, *memory = theirs
            assert ours[0] == variable
            if isinstance(value, str):
                assert value.startswith(ours[1])
            else:
                assert close(ours[1], value)
            assert ours[3:] == memory, variable
            for node, (kind, edges, kept) in zip(ours[2], tape, strict=True):
                leads = [-1 if edge == "leaf" else edge for edge in edges]
                assert node[:2] == [kind, leads]
                pairs = zip(sorted(node[2], key=str), kept, strict=True)
                assert all(close(one, other) for one, other in pairs), (variable, kind)


def test_what_is_kept_is_freed_once(page):
    """The second walk raises; with createGraph it does not, and a second derivative is there."""
    body = """async () => {
      const m = await import(`${location.origin}/assets/explorable/tape.js`)
      const found = [false, true].map((createGraph) => {
        const x = new m.Value([1, 2], true)
        const y = m.sum(m.tanh(x))
        m.grad(y, x, createGraph)
        try { return m.grad(y, x).data } catch (thrown) { return thrown.message }
      })
      const [x, sums] = [new m.Value(3, true), []]
      const y = m.add(x, x)
      for (const _ of [1, 2]) sums.push(m.grad(y, x).data)
      return [...found, sums]
    }"""
    page.goto(PATH)
    off, on, sums = page.evaluate(body)
    assert off == "Trying to backward through the graph a second time"
    assert on == pytest.approx([0.419974, 0.0706508], rel=1e-5)
    assert sums == [2, 2]  # A sum keeps nothing that could be freed.


def choose(page, name, on):
    page.locator(".recorder select").select_option(name)
    page.get_by_role("switch", name="create_graph").set_checked(on)


def said(page):
    return page.locator(".recorder [role=status]")


@pytest.mark.parametrize("name", ENDS)
@pytest.mark.parametrize("on", [False, True])
def test_the_keyboard_steps_to_the_end(page, ready, name, on):
    """A sentence for each step; the rows come one after the other, and the prediction is judged."""
    ready(page, PATH)
    choose(page, name, on)
    end = ENDS[name][on]
    page.get_by_role("radio", name=PREDICTIONS["right"], exact=True).focus()
    page.keyboard.press("Space")
    step, sentences, rows = page.locator(".explorable-step"), [], []
    step.focus()
    while step.inner_text() == "Step":
        sentences.append(page.locator(".explorable-sentence").inner_text())
        rows.append(page.locator(".recorder-tape li:not(.empty)").count())
        page.keyboard.press("Enter")
        assert len(rows) < 30
    assert len(set(sentences)) == len(sentences)
    assert rows == sorted(rows)
    assert rows[0] == 1
    held = "so it is" if end == "right" else "that is not so"
    expect(said(page)).to_contain_text(f"You predicted the derivative, and {held}.")
    expect(said(page)).to_contain_text(re.compile(f"^{end}", re.IGNORECASE))
    # Back, from the keyboard as well; and from the start, where nothing is told.
    page.locator(".explorable-back").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".explorable-sentence")).to_have_text(sentences[-1], use_inner_text=True)
    page.locator(".explorable-end").click()
    page.locator(".explorable-step").click()
    expect(page.locator(".recorder-tape li:not(.empty)")).to_have_count(1)


def test_a_row_says_what_its_node_is(page, ready):
    """The names of PyTorch, what is kept, what a pass has brought, and one chip a storage."""
    ready(page, PATH)
    choose(page, "added", True)
    while "Step 12" not in said(page).inner_text():
        page.locator(".explorable-step").click()
    row = page.locator(".recorder-tape li.first")
    expect(row).to_contain_text("TanhBackwardBackward0")
    expect(row).to_contain_text("\N{LEFTWARDS ARROW} (0.9861, 0.1659)")
    expect(row).to_contain_text("g = (1, 1) · (1 \N{MINUS SIGN} #1²) = (0.42, 0.07065)")
    expect(row.locator(".freed")).to_have_text("freed (1, 1), #1")
    expect(page.locator(".recorder-kept li")).to_have_text(["#1"])
    expect(page.locator(".recorder-count")).to_have_text("1 storage, 8 bytes")
    expect(page.locator(".recorder-tape g path.flow")).to_have_count(4)


def test_the_line_that_runs_is_marked_in_the_code_that_is_shown(page, ready):
    """One code is shown, that of the loss, and a step marks the line that it belongs to."""
    ready(page, PATH)
    for name in ENDS:
        choose(page, name, True)
        expect(page.locator(".recorder figure.snippet:visible")).to_have_count(1)
        expect(page.locator(".recorder figure.snippet:visible")).to_contain_text(f"def {name}(")
        marked = page.locator(".recorder figure:visible [aria-current=step]")
        expect(marked).to_have_count(0)
        page.locator(".explorable-end").click()
        expect(marked).to_contain_text("answer = ")


def test_without_javascript_the_runs_say_it(browser, address):
    """All five codes and PyTorch's own numbers, and nothing to press."""
    context = browser.new_context(base_url=address, java_script_enabled=False)
    plain = context.new_page()
    plain.goto(PATH)
    assert plain.locator(".recorder figure.snippet:visible").count() == len(ENDS)
    assert "the runs below" in said(plain).inner_text()
    for part in (".explorable-controls", ".explorable-buttons", ".recorder-tape"):
        assert not plain.locator(part).is_visible()
    assert plain.get_by_text("storages 3, bytes 12, answer 10.0").first.is_visible()
    context.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_the_script_moves_nothing(browser, address, width, ready, settled):
    """Each part has its place and size before the script comes, and nothing is too wide."""
    boxes = []
    for stopped in (True, False):
        context = browser.new_context(base_url=address, viewport={"width": width, "height": 800})
        page = context.new_page()
        if stopped:
            context.route("**/recorder.js", lambda route: route.abort())
            with page.expect_event("requestfailed", lambda one: "recorder.js" in one.url):
                page.goto(PATH)
        else:
            ready(page, PATH)
        page.evaluate("document.fonts.ready.then(() => 0)")
        settled(page)
        expect(page.locator(".recorder[data-ready]")).to_have_count(0 if stopped else 1)
        parts = page.locator(".recorder, .recorder > :not(figure), .recorder-tape li")
        boxes.append([part.bounding_box() for part in parts.all()])
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        context.close()
    assert boxes[0] == boxes[1]
