"""The site from the disk, without a network: what a reader has in offline.zip."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def disk(tmp_path_factory, build):
    """The folder that is zipped."""
    folder = tmp_path_factory.mktemp("offline")
    build(ROOT, folder, OFFLINE="true")
    return folder


@pytest.fixture
def reader(browser):
    """A tab without a network, which notes what it asked elsewhere, and errors."""
    context = browser.new_context(offline=True)
    page, faults = context.new_page(), []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    own = ("file:", "data:", "blob:")
    page.on("request", lambda asked: asked.url.startswith(own) or faults.append(asked.url))
    yield page
    context.close()
    assert faults == []


def test_search_and_navigation_work_from_the_disk(disk, reader, ready):
    """A message leads to its page, and a link in that page to the next."""
    ready(reader, (disk / "index.html").as_uri())
    reader.locator("input.md-search__input").click()
    told = reader.locator(".md-search-result__meta")
    expect(told).to_have_text("Type to start searching")
    reader.keyboard.insert_text("appears to not have been used in the graph")
    reader.keyboard.press("End")
    expect(told).to_contain_text("matching")
    reader.locator(".md-search-result__item > a").first.click()
    message = "appears to not have been used in the graph"
    reader.wait_for_url("**/pitfalls/unused-input.html**")
    expect(reader.locator("article")).to_contain_text(message)
    assert reader.url.startswith("file:")


def test_mathematics_figures_and_filters_work_from_the_disk(disk, reader, ready):
    """None of it needs a server."""
    ready(reader, (disk / "recipes/maml.html").as_uri())
    assert reader.locator("math").count() > 5
    assert reader.locator("figure.drawing svg").count() >= 3
    ready(reader, (disk / "reference/operators.html").as_uri())
    reader.locator(".operators-filter input[type=search]").fill("cdist")
    told = reader.locator(".operators-filter output")
    expect(told).to_have_text(re.compile(r"^[1-9]\d? of "))
    shown = int(told.inner_text().split()[0])
    assert 0 < shown < 30
    expect(reader.locator("#operators tbody tr:visible")).to_have_count(shown)


def test_the_toy_example_plays_from_the_disk(disk, reader, ready):
    """Its modules are one script there, which a browser loads from the disk."""
    ready(reader, (disk / "index.html").as_uri())
    reader.get_by_role("switch").check()
    expect(reader.locator(".explorable-sentence")).to_contain_text("∂d/∂a = 10, the derivative")


def test_the_tape_is_recorded_on_the_disk(disk, reader, ready):
    """The same script has the second explorable."""
    ready(reader, (disk / "learn/explore.html").as_uri())
    reader.get_by_role("switch").check()
    reader.locator(".explorable-end").click()
    expect(reader.locator(".explorable-sentence")).to_contain_text("PyTorch answers 10")
    expect(reader.locator(".recorder-tape li:not(.empty)")).to_have_count(8)
