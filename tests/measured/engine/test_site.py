"""The site as a set: each tool is given the same saves, and times are ratios of the same round."""

import pytest
import yaml

from measured.engine import page, site


@pytest.fixture
def sites(tmp_path):
    """A site for each tool, with the files that are saved."""
    (tmp_path / "expanded/pitfalls").mkdir(parents=True)
    (tmp_path / "expanded/learn").mkdir()
    (tmp_path / "expanded" / site.PAGE.removeprefix("docs/")).write_text("# A page\n")
    text = "# Another\n\n```python\na = 1\n```\n"
    (tmp_path / "expanded" / site.SHOWN.removeprefix("docs/")).write_text(text)
    others = [
        site.plain(site.Site(tool, tmp_path / tool), tmp_path)
        for tool in (site.PLAIN, site.ZENSICAL)
    ]
    ours = site.Site(site.OURS, tmp_path / "ours")
    for name in (site.PAGE, site.SNIPPET, site.TEMPLATE[site.OURS]):
        (ours.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (ours.folder / name).write_text("a\n")
    return [ours, *others]


@pytest.mark.parametrize("what", ["page", "snippet", "template"])
def test_a_save_is_one_line_that_was_not_there(sites, what):
    """In one file, whatever the tool."""
    for one in sites:
        for _ in range(2):
            word = one.save(what)
            texts = [
                p.read_text() for p in one.folder.rglob("*") if p.suffix in (".md", ".py", ".html")
            ]
            assert sum(text.count(word) for text in texts) == 1


def test_the_others_get_the_site_without_what_is_ours(sites):
    """No hook, and the same navigation, extensions and styles."""
    config = yaml.safe_load((sites[1].folder / "mkdocs.yml").read_text())
    assert "hooks" not in config and config["plugins"] == ["search"]
    whole = yaml.load((site.ROOT / "mkdocs.yml").read_text(), site.Loader)
    for name in ("nav", "markdown_extensions", "extra_css"):
        assert config[name] == whole[name]


def test_the_table_compares_what_ran_side_by_side(monkeypatch):
    """The ratio is the median of the rounds' ratios; memory is that of the hungriest build."""

    def runs(*seconds):
        return {
            phase: {"rounds": list(seconds), "peak": 100 + place}
            for place, phase in enumerate((*site.PHASES, *site.SERVED))
        }

    tools = {site.OURS: runs(1.0, 9.0, 2.0), site.PLAIN: runs(2.0, 18.0, 8.0)}
    monkeypatch.setattr(page, "measured", lambda group: {"runs": tools, "pages": 3})
    table = page.site(None)
    assert "| nothing changed | 2.0 s | 8.0 s | 0.50 |" in table
    assert "| memory of a build, at most | 104 MiB | 104 MiB |  |" in table
    assert page.site_size(None, "pages") == "3"
