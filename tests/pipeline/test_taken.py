"""A build makes what changed, and comes to the same site as one that makes everything."""

import json
import os
import random
import re
import shutil
import signal
import time

import pytest
from mkdocs.commands import build as mkdocs
from mkdocs.exceptions import PluginError

from pipeline import folder, taken
from pipeline.memory import KEPT, Memory
from proofread.run import cache

PAGES = 3


def replace(path, old, new):
    """Change a file's text."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def edit_page(root):
    replace(root / "docs/guide/third.md", "Words", "Other words")


def edit_list(root):
    replace(root / "docs/guide/other.md", "fix: Add", "fix: Subtract")


def edit_snippet(root):
    (root / "snippets/two.py").write_text("b = 3\nprint(b)\n#> 3\n")


def retitle(root):
    replace(root / "docs/guide/third.md", "title: Third", "title: The last")


def mark_as_new(root):
    replace(root / "docs/guide/third.md", "title: Third", "title: Third\nstatus: new")


def rename(root):
    (root / "docs/guide/third.md").rename(root / "docs/guide/last.md")
    replace(root / "mkdocs.yml", "guide/third.md", "guide/last.md")


def add(root):
    (root / "docs/more.md").write_text("---\ntitle: More\n---\n# More\n")
    replace(root / "mkdocs.yml", "\nnav:\n", "\nnav:\n  - more.md\n")


def delete(root):
    (root / "docs/guide/third.md").unlink()
    replace(root / "mkdocs.yml", "      - guide/third.md\n", "")


def edit_template(root):
    replace(root / "theme/partials/colophon.html", "Cite this page", "Quote this page")


def edit_step(root):
    with (root / "pipeline/policy.py").open("a") as file:
        file.write("# Another step.\n")


def edit_data(root):
    data = json.loads((root / "measured/versions/data.json").read_text())
    (root / "measured/versions/data.json").write_text(json.dumps(data))


def configure(root):
    replace(root / "mkdocs.yml", "  - footnotes\n", "  - footnotes\n  - abbr\n")


def move(root):
    replace(root / "mkdocs.yml", "http://127.0.0.1:8000/", "https://moved.example/there/")


#: What changes -> how many of the three pages are built then.
CHANGES = {
    edit_page: 1,
    # Its own page, and the one that lists it.
    edit_list: 2,
    edit_snippet: 2,
    # What the navigation says is on every page.
    retitle: PAGES,
    mark_as_new: PAGES,
    rename: PAGES,
    add: PAGES + 1,
    delete: PAGES - 1,
    edit_template: PAGES,
    edit_step: PAGES,
    edit_data: PAGES,
    configure: PAGES,
    move: PAGES,
}


def differing(one, other):
    """The names of files that are not the same in two sites."""
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


def without_memory(make, root):
    """Build a site as one who has never built it."""
    shutil.rmtree(root / ".cache/pages")
    return make(root, "other")


def test_nothing_is_built_twice(small, make):
    """With a full memory, of this process or on the disk, the site is the same."""
    first, built = without_memory(make, small)
    assert built == PAGES
    for anew in (False, True):
        again, built = make(small, anew=anew)
        assert (differing(first, again), built) == ([], 0)


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_what_changed_is_built(small, make, change):
    """The site is the one that a build without a memory makes, in a server and in a new process."""
    before, _ = make(small)
    change(small)
    served, built = make(small, anew=False)
    assert built == CHANGES[change]
    assert differing(before, served) != [] or change in (edit_step, edit_data, configure)
    again, built = make(small, "new")
    assert (differing(served, again), built) == ([], 0)
    fresh, _ = without_memory(make, small)
    assert differing(served, fresh) == []


def test_another_version_of_a_plugin_is_noticed(small, make, monkeypatch):
    """What is installed is in each key."""
    make(small)
    known = cache.environment()
    other = {**known, "packages": [*known["packages"], "mkdocs_material-99"]}
    monkeypatch.setattr(taken, "environment", lambda: other)
    assert make(small)[1] == PAGES


def test_what_spans_pages_is_of_this_build(small, make):
    """The search, the print page, the lists for programs and the site map have what was saved."""
    make(small)
    replace(small / "docs/guide/third.md", "Words", "A zebra")
    replace(small / "docs/guide/third.md", "title: Third", "title: Stripes")
    site, _ = make(small)
    for name in ("search/search_index.json", "print/index.html", "llms-full.txt"):
        assert b"A zebra" in site[name], name
    assert b"[Stripes](" in site["llms.txt"]
    assert re.search(rb"Stripes\s*</span>", site["index.html"])
    delete(small)
    site, _ = make(small)
    assert not [name for name in site if "third" in name]
    assert b"third" not in site["sitemap.xml"] + site["search/search_index.json"]


def test_a_warning_is_given_each_time(small, make, caplog):
    """A page that MkDocs warns of is not taken: the next build is to say it, too."""
    replace(small / "docs/guide/third.md", "Words", "[Words](nowhere.md)")
    for _ in range(2):
        caplog.clear()
        with pytest.raises(SystemExit, match="strict mode"):
            make(small)
        assert "nowhere.md" in caplog.text


@pytest.mark.parametrize(
    ("page", "old", "new"),
    [
        ("guide/other.md", "{#what-it-shows}", "{#elsewhere}"),
        ("index.md", "#what-it", "#what-else"),
    ],
)
def test_anchors_and_links_of_pages_that_are_taken_are_checked(small, make, caplog, page, old, new):
    """A link to a heading that is gone, or never was, is found: the other page is as it was."""
    make(small)
    replace(small / "docs" / page, old, new)
    with pytest.raises(SystemExit, match="strict mode"):
        make(small)
    assert "does not contain an anchor '#what-" in caplog.text


def test_what_is_false_stops_a_build_that_would_take_all(small, make):
    """The check comes before any memory."""
    make(small)
    (small / "snippets/two.py").write_text("b = 2\nprint(b)\n#> 5\n")
    with pytest.raises(SystemExit):
        make(small)


def test_a_killed_build_leaves_nothing_wrong(small, make):
    """Whenever it is killed, the next build makes the site that one without a memory makes."""
    make(small)
    chance = random.Random(0)
    for number in range(8):
        replace(small / "docs/guide/third.md", "title: Third", f"title: Third {number}")
        child = os.fork()
        if not child:
            try:
                make(small, anew=False)
            finally:
                os._exit(0)
        time.sleep(chance.uniform(0, 0.4))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        if number % 4 == 3:
            after, _ = make(small)
            fresh, _ = without_memory(make, small)
            assert differing(after, fresh) == []
        replace(small / "docs/guide/third.md", f"title: Third {number}", "title: Third")


def test_only_what_mkdocs_is_known_to_have_is_replaced(monkeypatch):
    """A function that is gone, or takes something else, is named."""
    monkeypatch.setattr(mkdocs, "_build_page", lambda page, config: None)
    with pytest.raises(
        PluginError, match=r"no mkdocs\.commands\.build\._build_page\(page, config, "
    ):
        taken.replaced()


def test_a_damaged_memory_is_none(tmp_path):
    """An entry that is cut short, altered, or another's, is as not there; old ones go."""
    memory, key = Memory(tmp_path), "a" * 64
    memory.keep("is/x.md", key, {"words": ["ü"]})
    file = tmp_path / "is/x.md" / f"{key[:24]}.json"
    assert Memory(tmp_path).get("is/x.md", key) == {"words": ["ü"]}
    assert Memory(tmp_path).get("is/x.md", key[:24] + "b" * 40) is None
    whole = file.read_bytes()
    for damaged in (b"", whole[:-1], whole.replace(b"words", b"sword"), b"\xff" + whole):
        file.write_bytes(damaged)
        assert Memory(tmp_path).get("is/x.md", key) is None
    for number in range(2 * KEPT):
        memory.keep("is/x.md", str(number) * 64, number)
    assert len(list(file.parent.iterdir())) == KEPT


def test_what_json_would_change_is_not_kept(tmp_path):
    """A date in front matter stays a date, so that page is read each time."""
    memory = Memory(tmp_path)
    memory.keep("is/x.md", "a" * 64, {"meta": {1: "one"}})
    assert memory.get("is/x.md", "a" * 64) is None


def test_a_folder_keeps_what_a_build_wrote(tmp_path):
    """All else goes, with folders that are empty then; what is hidden at the top stays."""
    for name in ("kept/a", "gone/deep/b", ".git/c", "d"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    folder.marked(str(tmp_path))
    (tmp_path / "kept/a").write_text("")
    folder.swept(type("Config", (), {"site_dir": str(tmp_path)}))
    assert sorted(p.name for p in tmp_path.rglob("*")) == [".git", "a", "c", "kept"]
