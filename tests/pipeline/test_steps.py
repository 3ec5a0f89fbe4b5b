"""The steps from a page to the site: each changes what it means to change, or ends the build."""

from types import SimpleNamespace

import pytest
from jinja2 import DictLoader, Environment
from markdown import markdown
from mkdocs.exceptions import PluginError

from pipeline import html, moved, notebooks, policy, spaces, tables, templates, versions
from pipeline.markdown import Dress

EXTENSIONS = ["tables", "pymdownx.arithmatex", Dress()]
CONFIG = {"pymdownx.arithmatex": {"generic": True}}


def converted(text):
    """What Markdown becomes with our extension."""
    return markdown(text, extensions=EXTENSIONS, extension_configs=CONFIG)


@pytest.mark.parametrize("page", ["", "<b>", "<b><b>"])
def test_a_replacement_is_made_exactly_once(page):
    """One that matches nothing, or twice, names the place."""
    if page.count("<b>") == 1:
        assert html.once(page, "<b>", "<i>", "x.md") == "<i>"
    else:
        with pytest.raises(PluginError, match=r"x\.md: '<b>' stands there \d times, not once"):
            html.once(page, "<b>", "<i>", "x.md")


def test_a_page_without_a_place_for_its_policy_fails_the_build():
    """There is no page without a policy."""
    page = '<head><meta charset="utf-8"></head><script>a</script><script src="b"></script>'
    protected = policy.with_policy(page, "x.md")
    assert protected.startswith('<head><meta charset="utf-8"><meta http-equiv="Content-Security-')
    assert protected.count("'sha256-") == 1
    with pytest.raises(PluginError, match=r"x\.md"):
        policy.with_policy(page.replace("utf-8", "UTF-8"), "x.md")


def test_a_template_that_has_changed_fails_the_build():
    """Where Material no longer has what we change, somebody must look."""
    name = "partials/search.html"
    good, other = (Environment(loader=DictLoader({name: text})) for text in ('role="dialog"', ""))
    assert templates.patched(good).get_template(name).render().endswith('aria-label="Search"')
    with pytest.raises(PluginError, match=name):
        templates.patched(other).get_template(name)


def test_other_styles_than_materials_fail_the_build(tmp_path):
    """A Material that names tables otherwise would leave them without any style."""
    file = tmp_path / "assets/stylesheets/main.0.min.css"
    file.parent.mkdir(parents=True)
    config = SimpleNamespace(site_dir=tmp_path)
    file.write_text(".md-typeset table:not([class]) td{padding:1em}")
    tables.styled(config)
    assert file.read_text() == ".md-typeset table.data td{padding:1em}"
    with pytest.raises(PluginError, match="no rule for table:not"):
        tables.styled(config)


def test_a_table_gets_its_box():
    """Once; its empty corner is a cell like others, and a table with a class stays as it is."""
    made = converted("| | a |\n| --- | --- |\n| b | 1 |\n\n<table class='own'></table>\n")
    assert made.count("md-typeset__scrollwrap") == made.count('<table class="data">') == 1
    assert made.count("<th>") == 1
    assert "<table class='own'></table>" in made


@pytest.mark.parametrize(
    ("text", "around"),
    [
        ("$a$", "<p>{}</p>"),
        ("It is $a$.", "<p>It is {}.</p>"),
        ("*so* $a$ and", "<p><em>so</em> {} and</p>"),
        ("$$\na\n$$", '<div class="math" tabindex="0">{}</div>'),
    ],
)
def test_a_formula_becomes_mathml_where_it_stands(text, around):
    """In the line, or in a box; no text beside it is lost."""
    before, after = around.split("{}")
    made = converted(text)
    assert made.startswith(f"{before}<math") and made.endswith(f"</math>{after}")
    assert made.count("<math") == made.count("<mi>a</mi>") == 1


def test_an_ampersand_of_a_formula_aligns():
    """TeX sees the sign, and not what HTML writes for it."""
    made = converted("$$\n\\begin{aligned}\na &= b\n\\end{aligned}\n$$")
    assert "amp" not in made.partition("<annotation")[0]


def test_bad_tex_ends_the_build():
    """It names the formula."""
    with pytest.raises(PluginError, match=r"bad TeX in '\\\\frac\{a'"):
        converted("$\\frac{a$")


def test_a_notebook_is_rendered_once(tmp_path, monkeypatch):
    """What was made is kept; half of it, or another notebook's, is made anew."""
    source, made = tmp_path / "a.ipynb", []
    source.write_text("{}")
    config = SimpleNamespace(config_file_path=str(tmp_path / "mkdocs.yml"))

    def rendered(path):
        made.append(path.read_text())
        entry = {"name": "A", "id": "a", "level": 1, "children": []}
        return f"<p>{len(made)}</p>", [entry], "A"

    monkeypatch.setattr(notebooks, "rendered", rendered)

    def page():
        page = SimpleNamespace(file=SimpleNamespace(src_uri="a.ipynb", abs_src_path=str(source)))
        notebooks.kept(page, config, None).render(config, None)
        return page.content, page.title, [entry.id for entry in page.toc]

    assert page() == page() == ("<p>1</p>", "A", ["a"])
    (kept,) = (tmp_path / ".cache/rendered").iterdir()
    kept.write_text(kept.read_text()[:-5])
    assert page()[0] == "<p>2</p>"
    source.write_text("[]")
    assert page()[0] == "<p>3</p>"


def test_a_notebook_drawn_in_another_way_fails_the_build(tmp_path):
    """Each cell of code is dressed as the site's own blocks are, or somebody must look."""
    source = tmp_path / "a.ipynb"
    source.write_text('{"cells": [{"cell_type": "code", "source": "a"}]}')
    file = SimpleNamespace(src_uri="a.ipynb", abs_src_path=str(source))
    block = '<div class="highlight-ipynb hl-python"><pre>a</pre></div>'
    content = f'<div class="jupyter-wrapper">{block}</div>'
    page = SimpleNamespace(meta={}, file=file)
    assert '"language-python highlight"' in notebooks.cleaned(content, page, None, None)
    with pytest.raises(PluginError, match=r"a\.ipynb: .* 0 times, for 1 cells of code"):
        notebooks.cleaned(content.replace("hl-python", "hl-py"), page, None, None)


def site_with(folder, **extra):
    """The settings of a site that holds one page, ``new/``, with one anchor."""
    page = folder / "new/index.html"
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text('<h1>New &amp; true</h1><h2 id="there">There</h2>')
    named = {"site_dir": folder, "site_url": "https://x.org/", "use_directory_urls": True}
    return SimpleNamespace(**named, extra=extra)


def test_an_old_address_leads_on(tmp_path):
    """With a policy, a title and a way, also for those who follow no refresh."""
    moved.written(site_with(tmp_path, moved={"a/old/": "new/#there"}))
    page = (tmp_path / "a/old/index.html").read_text()
    assert 'content="0; url=../../new/#there"' in page
    assert '<a href="../../new/#there">New &amp; true</a>' in page
    assert '<link rel="canonical" href="https://x.org/new/#there">' in page
    assert "Content-Security-Policy" in page


@pytest.mark.parametrize("new", ["gone/", "new/#gone"])
def test_a_way_to_nowhere_fails_the_build(tmp_path, new):
    with pytest.raises(PluginError, match=f"moved: old/: there is no {new}"):
        moved.written(site_with(tmp_path, moved={"old/": new}))


def test_the_address_of_a_page_leads_nowhere_else(tmp_path):
    with pytest.raises(PluginError, match="moved: new/: there is a page"):
        moved.written(site_with(tmp_path, moved={"new/": "new/"}))


def test_empty_lines_above_the_content_are_folded():
    """A space stays one, and scripts and the page's own content stay as they are."""
    content = '<div class="md-content"><pre>a\n\n  b</pre>'
    page = f"<ul>\n\n  <li>a\n\n\n</ul> <script>x = `\n\n`</script>\n \n{content}"
    folded = f"<ul>\n<li>a\n</ul> <script>x = `\n\n`</script>\n{content}"
    where = SimpleNamespace(file=SimpleNamespace(src_uri="x.md"))
    assert spaces.folded(page, where, None) == folded
    with pytest.raises(PluginError, match=r"x\.md: .* 0 times"):
        spaces.folded(page.replace("md-content", "content"), where, None)


def test_a_note_without_a_place_fails_the_build(monkeypatch):
    """What differs in other versions is told, or somebody must say where."""
    built = SimpleNamespace(added={}, seen=lambda page: page)
    built.page = lambda page: SimpleNamespace(path="docs/x.md")
    config = SimpleNamespace(extra={"proofread": built})
    monkeypatch.setattr(versions, "note", lambda seen: "!!! note")
    assert versions.noted("# A\n\n## Related\n", None, config).index("!!!") < 10
    with pytest.raises(PluginError, match=r"docs/x\.md: .* 0 times"):
        versions.noted("# A\n", None, config)
