"""The door out of MkDocs: another generator builds all the pages that ``expand`` writes."""

import importlib.util
import posixpath
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote, urldefrag

import pytest
import yaml
from selectolax.lexbor import LexborHTMLParser

from proofread.judge.bind import Seen
from proofread.show.kinds import Bound, Figure, Graph, Include

ROOT = Path(__file__).resolve().parents[2]
#: What of mkdocs.yml is MkDocs' alone, or this site's own theme.
LEFT_OUT = ("hooks", "watch", "plugins", "validation", "not_in_nav", "extra_javascript")

if not importlib.util.find_spec("zensical"):
    pytest.skip("Zensical is not installed: requirements.lock has it", allow_module_level=True)

#: What only this site's own steps make.
MADE = {"on-your-machine.py", "print", "verified.json", "llms.txt", "llms-full.txt"}
#: Links in a table that is HTML, as MkDocs publishes them; Zensical takes them for those of a
#: source, and whoever moves has to write them anew.
TYPED = {"../../../pitfalls/norm-at-zero/", "../../../pitfalls/chunked-cross-entropy/"}


class Loader(yaml.SafeLoader):
    """Reads mkdocs.yml: of what the environment may say, what is said without it."""


Loader.add_constructor("!ENV", lambda loader, node: loader.construct_sequence(node)[-1])


@pytest.fixture(scope="module")
def articles(project, report, tmp_path_factory):
    """{page path: the parsed article that Zensical made of it}, and the folder of its site."""
    folder = tmp_path_factory.mktemp("moved")
    project.expand(folder / "docs", report)
    shutil.copytree(ROOT / "docs/assets", folder / "docs/assets")
    config = yaml.load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"), Loader)
    kept = {name: value for name, value in config.items() if name not in LEFT_OUT}
    kept["theme"] = {k: v for k, v in kept["theme"].items() if k not in ("custom_dir", "icon")}
    (folder / "mkdocs.yml").write_text(yaml.safe_dump(kept), encoding="utf-8")
    command = [sys.executable, "-m", "zensical", "build", "--clean", "--strict"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]
    site = folder / "site"
    return {path: article(site / place(path)) for path in report.pages}, site


def place(path):
    """Return where the page at ``docs/a/b.md`` lies in the site."""
    name = path.removeprefix("docs/").removesuffix(".md").removesuffix("index").rstrip("/")
    return posixpath.join(name, "index.html")


def article(file):
    return LexborHTMLParser(file.read_text(encoding="utf-8")).css_first("article")


def lines(text):
    return [line.rstrip() for line in text.strip("\n").split("\n")]


def squeezed(text):
    return "".join(text.split())


def test_what_was_verified_is_on_each_page(articles, report):
    """Every block, value and graph, and what is wrong about a block that is wrong."""
    found, shown = articles[0], 0
    for path, page in report.pages.items():
        seen = Seen(page, report)
        blocks = [lines(node.text()) for node in found[path].css("pre")]
        text = squeezed(found[path].text())
        for piece in page.of(Include):
            snippet = seen.snippet(piece.name, piece.section)
            code = lines(snippet.code(*snippet.span(piece.section)))
            assert code in blocks, (path, piece.anchor)
            assert found[path].css_first(f'[id="{piece.anchor}"]'), (path, piece.anchor)
            if snippet.wrong:
                assert squeezed(f"Wrong: {snippet.wrong}.") in text, (path, piece.anchor)
            shown += 1
        for piece in page.of(Graph):
            assert lines("\n".join([piece.caption, "", *piece.outline])) in blocks, path
        for piece in page.pieces:
            if isinstance(piece, Bound):
                assert squeezed(piece.text(seen)) in text, (path, piece.name, piece.value)
    assert shown > 500


def test_the_figures_are_there(articles, report):
    """Each lies beside its page, and says what it shows."""
    found, site = articles
    for path, page in report.pages.items():
        drawn = {node.attrs["src"]: node.attrs["alt"] for node in found[path].css("img")}
        for piece in page.of(Figure):
            words = piece.words(Seen(page, report))
            (source,) = (src for src in drawn if posixpath.basename(src) == piece.file)
            assert " ".join(drawn[source].split()) == " ".join(words.split())
            assert (site / posixpath.dirname(place(path)) / source).resolve().is_file()


def test_links_lead_somewhere(articles, report):
    """To a page that is there, and to a place on it."""
    found, site = articles
    names = {}
    for path, tree in found.items():
        here = site / place(path)
        for node in tree.css("a[href]"):
            target, fragment = urldefrag(unquote(node.attrs["href"]))
            if ":" in target:
                continue
            file = (here.parent / target).resolve() if target else here
            file = file / "index.html" if file.is_dir() else file
            if file.name not in MADE and target not in TYPED:
                assert file.is_file(), (path, node.attrs["href"])
            if fragment and file.suffix == ".html":
                if file not in names:
                    parsed = LexborHTMLParser(file.read_text(encoding="utf-8"))
                    names[file] = {one.attrs["id"] for one in parsed.css("[id]")}
                assert fragment in names[file], (path, node.attrs["href"])
    assert len(names) > 50
