"""A MkDocs hook: mkdocs-jupyter's page of a notebook -> one that looks and weighs as all others.

It would bring 590 KB of JupyterLab's styles, scripts from elsewhere, and each cell's code twice.
"""

import base64
import json
import re
from pathlib import Path

from filelock import FileLock
from mkdocs.plugins import event_priority

from proofread.show.figure import inline

STYLES = re.compile(r"<(style|script)\b.*?</\1>", re.DOTALL)
COPY = re.compile(r'<div class="zeroclipboard-container">.*?</clipboard-copy>\s*</div>', re.DOTALL)
TWICE = re.compile(r'<div class="clipboard-copy-txt".*?</div>', re.DOTALL)
CODE = re.compile(r'<div class="highlight-ipynb hl-python"><pre>(.*?)</pre></div>', re.DOTALL)
TEXT = re.compile(
    r'(<div class="jp-RenderedHTMLCommon jp-RenderedMarkdown.*?>)(.*?)(</div>)', re.DOTALL
)
DRAWING = re.compile(r'<img [^>]*src="data:image/svg\+xml;base64,([^"]*)"\s*/?>')
#: What the engine puts first on a notebook's page: where to get it.
LEAD = re.compile(r'(<p class="lead">.*?)(</p>)', re.DOTALL)
SVG = "image/svg+xml"
FORMULA = re.compile(r"\$\$(.+?)\$\$|(?<!\\)\$([^$\n]+)\$", re.DOTALL)


@event_priority(-50)
def on_pre_page(page, config, files):
    """Render one notebook at a time: two builds at once share what mkdocs-jupyter keeps.

    It writes that in place, so a build that was stopped may have left half a file.
    """
    if not page.file.src_uri.endswith(".ipynb"):
        return page
    render, kept = page.render, Path(config.plugins["mkdocs-jupyter"].config["cache_dir"])

    def alone(config, files):
        kept.mkdir(parents=True, exist_ok=True)
        with FileLock(kept / "lock"):
            try:
                render(config, files)
            except json.JSONDecodeError:
                for file in filter(broken, kept.glob("*.json")):
                    file.unlink()
                render(config, files)

    page.render = alone
    return page


def broken(file):
    """Whether a file that should hold JSON does not."""
    try:
        json.loads(file.read_text(encoding="utf-8"))
    except ValueError:
        return True
    return False


@event_priority(50)
def on_page_content(content, page, **_):
    if not page.file.src_uri.endswith(".ipynb"):
        return content
    # The page that explains it is the one to find.
    page.meta["search"] = {"exclude": True}
    content = STYLES.sub("", content)
    content = content[content.index('<div class="jupyter-wrapper">') :]
    content = TWICE.sub("", COPY.sub("", content))
    content = content.replace('class="anchor-link"', 'class="headerlink" title="Permanent link"')
    content = CODE.sub(
        r'<div class="language-python highlight"><pre><code>\1</code></pre></div>', content
    )
    content = TEXT.sub(lambda match: match[1] + FORMULA.sub(_formula, match[2]) + match[3], content)
    drawings = enumerate(_alternatives(Path(page.file.abs_src_path)), 1)
    return DRAWING.sub(lambda match: _drawing(match, *next(drawings)), content)


@event_priority(-50)
def on_post_page(output, page, config):
    """Lead to Colab, where the site's repository is known: a branch has the notebooks."""
    if not page.file.src_uri.endswith(".ipynb") or not config.repo_url:
        return output
    place = config.repo_url.rstrip("/").partition("github.com/")[2]
    path = page.file.src_uri.removeprefix("notebooks/").removesuffix(".ipynb")
    file = f"executed/{path}/{path.rpartition('/')[2]}.ipynb"
    href = f"https://colab.research.google.com/github/{place}/blob/notebooks/{file}"
    return LEAD.sub(rf'\1 · <a href="{href}">Open in Colab</a>\2', output, count=1)


def _alternatives(path):
    """What each drawing of a notebook shows, in order; mkdocs-jupyter loses some of it."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    outputs = [output for cell in cells for output in cell.get("outputs", ())]
    return [output["metadata"][SVG]["alt"] for output in outputs if SVG in output.get("data", ())]


def _formula(match):
    """Mark a formula as pymdownx.arithmatex does; mathematics.py turns it into MathML."""
    if match[1]:
        return rf'<div class="arithmatex">\[{match[1]}\]</div>'
    return rf'<span class="arithmatex">\({match[2]}\)</span>'


def _drawing(match, number, text):
    svg = base64.b64decode(match[1]).decode("utf-8")
    drawn = inline(svg, f"figure-{number}", text)
    return f'<figure class="drawing" tabindex="0">{drawn}</figure>'
