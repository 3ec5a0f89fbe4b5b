"""The built site: links, anchors, what is shown, what must not be left."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin

import pytest

from measured.versions.page import homes, load, located
from proofread.judge.bind import Seen
from proofread.judge.witness import Count, count
from proofread.show.kinds import Figure, Graph, Include, Made

ROOT = Path(__file__).resolve().parents[2]


class Reader(HTMLParser):
    """Gathers a page's ids, links, and its text outside code."""

    def __init__(self, text):
        super().__init__()
        self.ids, self.links, self.prose = set(), [], []
        self.code = 0
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.ids |= {found[key] for key in ("id", "name") if found.get(key)}
        self.links += [found[key] for key in ("href", "src") if found.get(key)]
        self.code += tag in ("pre", "code", "script", "style")

    def handle_endtag(self, tag):
        self.code -= tag in ("pre", "code", "script", "style")

    def handle_data(self, data):
        if not self.code:
            self.prose.append(data)


@pytest.fixture(scope="module")
def pages(site):
    """Path on the site -> what was read there."""
    return {
        path.relative_to(site).as_posix(): Reader(path.read_text(encoding="utf-8"))
        for path in site.rglob("*.html")
    }


def test_every_link_and_anchor_leads_somewhere(site, pages):
    """No link, image or anchor on any page is broken."""
    broken = []
    for path, read in pages.items():
        if path == "404.html":
            continue
        for link in read.links:
            url, anchor = urldefrag(urljoin(f"http://site/{path}", link))
            if not url.startswith("http://site/"):
                continue
            target = unquote(url.removeprefix("http://site/"))
            file = f"{target}index.html" if target.endswith("/") or not target else target
            known = pages[file].ids if file in pages else {unquote(anchor)}
            if not (site / file).is_file() or (anchor and unquote(anchor) not in known):
                broken.append(f"{path}: {link}")
    assert broken == []


def test_no_formula_is_left_as_it_was_typed(pages):
    """Between dollar signs, in captions, tables of contents and anywhere else, nothing is left."""
    formula = re.compile(r"\$[^$\n]{1,80}\$")
    left = {path: formula.findall("".join(read.prose)) for path, read in pages.items()}
    assert {path: found for path, found in left.items() if found} == {}


def test_nothing_is_loaded_from_elsewhere(pages, site):
    """No page names a script, style, font or image of another origin."""
    for path in site.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        tags = re.findall(r"<(?:script|img|iframe|link)(?! rel=\"canonical\")[^>]*>", text)
        assert [tag for tag in tags if re.search(r'(?:src|href)="https?:', tag)] == [], path


def test_no_source_syntax_is_left(pages):
    """No include line or unbound value reaches a reader."""
    for path, read in pages.items():
        prose = "".join(read.prose)
        assert "--8<--" not in prose, path
        assert "{{" not in prose, path
        assert "**?**" not in prose, path


def test_source_syntax_in_code_is_only_on_the_contributing_page(site):
    """Only the page that teaches the syntax shows it, and the page that holds all pages."""
    found = {
        path.relative_to(site).as_posix()
        for path in site.rglob("*.html")
        if "--8&lt;--" in path.read_text(encoding="utf-8")
    }
    assert found == {"about/contributing/index.html", "print/index.html"}


def test_every_snippet_is_shown_and_downloadable(site, report):
    """Each snippet stands framed on the pages that verified.json names, and can be downloaded."""
    published = json.loads((site / "verified.json").read_text(encoding="utf-8"))
    assert {entry["path"] for entry in published["snippets"]} == {
        verdict.snippet.path for verdict in report.verdicts.values()
    }
    verdicts = report.verdicts.values()
    not_run = {one.snippet.path for one in verdicts if one.status == "not run here"}
    for entry in published["snippets"]:
        assert entry["status"] == ("not run here" if entry["path"] in not_run else "verified")
        assert entry["pages"], entry
        download = entry["path"].removeprefix("snippets/")
        assert (site / "snippets" / download).is_file()
        shown = "".join(html(site, page) for page in entry["pages"])
        assert f'snippets/{download}" download' in shown, entry


def test_the_witness_and_the_engine_count_the_same(site, report):
    """For each page: code, frames, marks, graphs and drawings in the HTML, and on the page."""
    for page in report.pages.values():
        found = count(html(site, page.path))
        includes, graphs = len(page.of(Include)), len(page.of(Graph))
        made = [piece.make(Seen(page, report)) for piece in page.of(Made)]
        drawn = sum(hasattr(one, "svg") for one in made)
        drawings = len(page.of(Figure)) + drawn
        expected = Count(includes, includes, includes + graphs, graphs, drawings)
        assert found == expected, page.path


def test_every_block_carries_its_mark(site, report):
    """Each Python fence and each graph has a frame with a mark; a page says what verified it."""
    for path in site.rglob("index.html"):
        text = path.read_text(encoding="utf-8")
        if 'http-equiv="refresh"' in text:
            continue  # It has moved.
        frames = text.count('<figure class="snippet') + text.count('<figure class="graph"')
        assert text.count('<span class="mark"') == frames, path
        assert text.count('<p class="verified">') == 1, path
        assert '<div class="failure"' not in text


def test_notebooks_are_light_and_whole(site):
    """A notebook's page has drawings with a name, mathematics, no script or style of its own."""
    notebooks = list((site / "notebooks").rglob("index.html"))
    assert notebooks
    for path in notebooks:
        text = path.read_text(encoding="utf-8")
        start, end = text.index('<div class="jupyter-wrapper">'), text.index('<p class="verified">')
        content = text[start:end]
        assert not re.search(r"<script|<style|No description has been provided", content), path
        assert content.count("<svg") == content.count('role="img" aria-label="'), path
        assert (path.parent / f"{path.parent.name}.ipynb").is_file()


def test_what_other_versions_do_is_on_its_page(site, report):
    """Each page whose truth differs by version says so, with its versions; others do not."""
    told = [one for one in located(load(), report) if one.matters]
    assert told
    pages = {}
    for one in told:
        pages.setdefault(f"docs/{one.uri}", set()).add(one.version)
    for path in sorted((ROOT / "docs").rglob("*.md")):
        source = path.relative_to(ROOT).as_posix()
        text = html(site, source)
        note = text.partition("In other versions of PyTorch</p>")[2].partition("</div>")[0]
        assert {v for v in load() if v in note} == pages.get(source, set()), source
    everything = html(site, "docs/reference/versions.md")
    assert all(f"#{one.anchor}" in everything for one in homes(told))


def test_wrong_code_is_marked_in_words(site, report):
    """Each silently wrong snippet is drawn as such, with a link to the right way."""
    wrong = [v for v in report.verdicts.values() if v.snippet.wrong]
    assert wrong
    for verdict in wrong:
        page = html(site, report.anchors[verdict.name][0])
        caption = f'<strong class="verdict">Wrong</strong> {verdict.snippet.wrong.name} is'
        assert caption in page, verdict.name
        assert "The right way</a>" in page


def html(site, source):
    """The built page of a source path such as docs/learn/toy-example.md."""
    path = source.removeprefix("docs/").removesuffix(".md").removesuffix("index")
    return (site / path / "index.html").read_text(encoding="utf-8")


def test_no_address_that_was_published_is_lost(site):
    """A page that moves leaves a page behind that leads to it; a new one is written down here."""
    known = Path(__file__).with_name("addresses.txt").read_text(encoding="utf-8").split("\n")[:-1]
    assert [address for address in known if not (site / address / "index.html").is_file()] == []
    pages = {path.relative_to(site).parent.as_posix() for path in site.rglob("index.html")}
    pages = {page for page in pages if not page.startswith(("notebooks/", "print"))}
    assert {page.removesuffix("/") or "." for page in known} == pages
