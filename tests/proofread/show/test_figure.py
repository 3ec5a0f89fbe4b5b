"""A figure on a page has the scheme's colors and its own ids; what it says is as it was drawn."""

import io
import re
from pathlib import Path

import pytest
from matplotlib import rc_context, rc_params_from_file
from matplotlib.figure import Figure

from proofread.run.surroundings import STYLE
from proofread.show.figure import COLORS, inline

SHEET = Path(__file__).resolve().parents[3] / "docs/assets/site.css"
#: What looks like a part of an SVG, and is a word of the figure.
WORDS = """id="w" #ffffff url(#x) 'DejaVu Sans'; <!-- x -->"""


@pytest.fixture(scope="module")
def drawn():
    """A figure in the site's style, as matplotlib writes it: a line, a picture, words."""
    with rc_context(rc_params_from_file(STYLE, use_default_template=False)):
        figure, text = Figure(), io.StringIO()
        axes = figure.subplots()
        axes.plot([1, 2], label=WORDS)
        axes.imshow([[1, 2]])
        axes.legend()
        figure.savefig(text, format="svg")
    return text.getvalue()


def test_words_of_a_figure_stay(drawn):
    """Also those that look like an id, a color or a font."""
    escaped = WORDS.replace("<", "&lt;").replace(">", "&gt;")
    assert f">{escaped}</text>" in inline(drawn, "a", "A line")


def test_a_figure_has_its_own_names_and_no_colors(drawn):
    """Two on a page share no id; nothing is left that would hold for the whole page."""
    html = re.sub("<text.*?</text>", "", inline(drawn, "a", 'A "line"'))
    assert html.startswith("<svg viewBox=")
    assert 'aria-label="A &quot;line&quot;"' in html
    names = re.findall(r' id="([^"]*)"', html)
    assert names
    assert all(name.startswith("a-") for name in names)
    assert set(re.findall(r'(?:href="#|url\(#)([^")]+)', html)) <= set(names)
    assert not re.search(r"#[0-9a-f]{6}\b|<style|<metadata|DejaVu|xmlns", html)
    assert re.search(r'href="data:image/png;base64,[^"\s]+"', html)


def test_a_drawing_without_a_size_is_none(drawn):
    """The build ends, instead of showing a drawing without a name."""
    with pytest.raises(KeyError, match="viewBox"):
        inline(drawn.replace("viewBox", "box"), "a", "A line")


def test_each_color_has_a_name_that_both_schemes_know():
    """What the style of figures may use is replaced, and the site's styles say by what."""
    style = STYLE.read_text(encoding="utf-8").partition("axes.prop_cycle")[2]
    used = {f"#{color}" for color in re.findall(r"\b[0-9a-f]{6}\b", style)}
    assert used <= COLORS.keys()
    light, dark = SHEET.read_text(encoding="utf-8").split("}")[:2]
    for scheme in (light, dark):
        assert set(re.findall(r"(--figure-\w+): #", scheme)) == set(COLORS.values())
