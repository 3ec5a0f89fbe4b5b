"""What the site has for programs: pages as text, lists of them, structured data, a preview."""

import json
import math
import posixpath
import re
import struct
from collections import Counter
from pathlib import Path
from urllib.parse import unquote_plus

import pytest

from measured.questions.page import questions, results
from proofread.show.kinds import Include

ROOT = Path(__file__).resolve().parents[2]
REPO = "https://github.com/somebody/double"
PAGES = sorted(path.relative_to(ROOT / "docs").as_posix() for path in ROOT.glob("docs/**/*.md"))
LINK = re.compile(r"\]\(([^()\s:#]+)(?:#[^()\s]*)?\)")
FENCES = re.compile(r"^ *(```+).*?^ *\1$", re.MULTILINE | re.DOTALL)


def twin(page):
    """Where a page's text lies in the site."""
    return (
        page if posixpath.basename(page) == "index.md" else page.removesuffix(".md") + "/index.md"
    )


@pytest.mark.parametrize("page", PAGES)
def test_each_page_is_there_as_text(site, report, page):
    """With the code that the page shows, nothing left to expand, and links that lead somewhere."""
    text = Path(site, twin(page)).read_text(encoding="utf-8")
    prose = FENCES.sub("", text)
    assert "--8<--" not in prose
    assert not re.search(r"(?<!`)\{\{", prose)
    for target in LINK.findall(prose):
        assert Path(site, posixpath.dirname(twin(page)), target).exists(), target
    for piece in report.pages[f"docs/{page}"].of(Include):
        snippet = report.verdicts[piece.name].snippet
        code = [line.strip() for line in snippet.code(*snippet.span(piece.section)).splitlines()]
        assert "\n".join(filter(None, code)) in "\n".join(
            filter(None, (line.strip() for line in text.splitlines()))
        )
        if snippet.wrong:
            assert f"**Wrong:** {snippet.wrong}." in text


def test_the_list_names_each_page_once_and_all_of_it_is_there(site):
    """``llms.txt`` follows the navigation; ``llms-full.txt`` holds each page's text."""
    listed = re.findall(r"\]\((?:https?://[^/]+/)?([^)]*)\)", Path(site, "llms.txt").read_text())
    assert sorted(listed) == sorted(map(twin, PAGES))
    assert listed[:2] == ["index.md", "learn/index.md"]
    full = Path(site, "llms-full.txt").read_text(encoding="utf-8")
    assert all(Path(site, twin(page)).read_text(encoding="utf-8").strip() in full for page in PAGES)


@pytest.mark.parametrize("page", ["index.md", "learn/the-issue.md", "pitfalls/norm-at-zero.md"])
def test_search_engines_are_told_what_a_page_is(site, page):
    """A TechArticle with its way from the start, a canonical address, a title of its own."""
    html = Path(site, twin(page)).with_suffix(".html").read_text(encoding="utf-8")
    told = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', html)[1])
    article, way = told["@graph"][:2]
    assert (article["@type"], way["@type"]) == ("TechArticle", "BreadcrumbList")
    canonical = re.search(r'<link rel="canonical" href="([^"]+)"', html)[1]
    assert article["url"] == canonical == way["itemListElement"][-1]["item"]
    assert [item["position"] for item in way["itemListElement"]] == [
        *range(1, len(way["itemListElement"]) + 1)
    ]


def test_search_engines_are_told_what_a_page_answers(site):
    """What is seen, and the cause and the fix, as plain words."""
    html = Path(site, "pitfalls/norm-at-zero/index.html").read_text(encoding="utf-8")
    told = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', html)[1])
    page = told["@graph"][2]
    assert page["@type"] == "FAQPage"
    (asked,) = page["mainEntity"]
    assert "nan" in asked["name"]
    assert len(asked["acceptedAnswer"]["text"].split()) > 10
    assert not re.search(r"[{`]|\]\(", asked["name"] + asked["acceptedAnswer"]["text"])


def test_a_list_of_pages_is_enough_to_find_one(site):
    """Real questions of the half that is only measured, ranked by the list's lines with BM25."""
    lines = [line for line in Path(site, "llms.txt").read_text().splitlines() if "](" in line]
    words = [Counter(re.findall(r"\w+", line.lower())) for line in lines]
    pages = [re.search(r"\]\((?:https?://[^/]+/)?(.*?)/?index\.md\)", line)[1] for line in lines]
    mean = sum(map(Counter.total, words)) / len(words)
    known = Counter(word for line in words for word in line)

    def rank(query):
        def score(n):
            size = 1.2 * (0.25 + 0.75 * words[n].total() / mean)
            return sum(
                math.log(1 + (len(words) - known[word] + 0.5) / (known[word] + 0.5))
                * (words[n][word] * 2.2 / (words[n][word] + size))
                for word in {*re.findall(r"\w+", query.lower())}
            )

        return [pages[n] for n in sorted(range(len(lines)), key=score, reverse=True)]

    found = {one.url: rank(one.query)[:3] for one in questions() if one.half == "kept"}
    there = [one for one in results({"found": found, "pasted": {}}) if one.question.url in found]
    there = [one for one in there if one.score]
    assert sum(one.place == 0 for one in there) >= 0.65 * len(there)
    assert sum(one.place is not None for one in there) >= 0.8 * len(there)


def test_no_two_pages_have_the_same_title_or_description(site):
    """Each page says for itself what it is, in the length that search engines show."""
    found = {}
    for page in PAGES:
        html = Path(site, twin(page)).with_suffix(".html").read_text(encoding="utf-8")
        title = re.search(r"<title>(.*?)</title>", html)[1]
        about = re.search(r'<meta name="description" content="(.*?)"', html)[1]
        assert 50 <= len(about) <= 220, (page, len(about))
        found.setdefault(title, []).append(page)
        found.setdefault(about, []).append(page)
    assert {key: pages for key, pages in found.items() if len(pages) > 1} == {}


def test_the_preview_is_a_picture_of_the_size_that_sites_ask_for(site):
    """A PNG of 1200 by 630."""
    head = Path(site, "assets/preview.png").read_bytes()[:24]
    assert head[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", head[16:24]) == (1200, 630)


@pytest.fixture(scope="module")
def published(tmp_path_factory, build):
    """The site as the workflow builds it: with an address, and a repository."""
    folder = tmp_path_factory.mktemp("published")
    where = {"SITE_URL": "https://there.example/double/", "REPO_URL": REPO}
    build(ROOT, folder, **where, EDIT_URI=f"{REPO}/edit/main/docs/")
    return folder


def test_a_published_page_can_be_corrected(published):
    """It leads to its source, and to a report with the versions filled in."""
    html = Path(published, "learn/the-issue/index.html").read_text(encoding="utf-8")
    assert f'href="{REPO}/edit/main/docs/learn/the-issue.md"' in html
    report = unquote_plus(re.search(rf'href="{REPO}/issues/new\?([^"]+)"', html)[1])
    assert "Page: https://there.example/double/learn/the-issue/" in report
    assert re.search(r"PyTorch 2\.\d+.*Python 3\.\d+", report)
    assert '<link rel="canonical" href="https://there.example/double/learn/the-issue/">' in html


def test_a_published_notebook_opens_in_colab(published):
    """From the branch that the workflow writes."""
    html = Path(published, "notebooks/recipes/maml/index.html").read_text(encoding="utf-8")
    place = "github/somebody/double/blob/notebooks/executed/recipes/maml/maml.ipynb"
    assert f'href="https://colab.research.google.com/{place}"' in html
    assert Path(published, "notebooks/recipes/maml/maml.ipynb").exists()
