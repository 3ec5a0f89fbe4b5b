"""mkdocs-jupyter's page of a notebook -> one that looks and weighs as all others.

It would bring 590 KB of JupyterLab's styles, scripts from elsewhere, and each cell's code twice.
"""

import base64
import hashlib
import json
import posixpath
import re
from html import unescape
from importlib.metadata import version
from pathlib import Path

from mkdocs.structure.toc import get_toc

from pipeline.html import once, parsed, put
from pipeline.markdown import mathml
from proofread.hook import publish
from proofread.run.cache import write
from proofread.show.figure import inline

#: What is on each page of the site, or only for scripts that are not.
NOT_NEEDED = "style, script, .zeroclipboard-container, .clipboard-copy-txt"
#: What the engine puts first on a notebook's page: where to get it.
LEAD = ">Script</a></p>"
#: What decides how a notebook looks.
RENDERERS = ("mkdocs-jupyter", "nbconvert")
SVG = "image/svg+xml"
FORMULA = re.compile(r"\$\$(.+?)\$\$|(?<!\\)\$([^$\n]+)\$", re.DOTALL)


def is_notebook(page):
    """Tell whether mkdocs-jupyter made the page."""
    return page.file.src_uri.endswith(".ipynb")


def kept(page, config, files):
    """Let a notebook be rendered once, which takes seconds; what is kept is whole, or not there."""
    if not is_notebook(page):
        return page
    source, render = Path(page.file.abs_src_path).read_bytes(), page.render
    key = hashlib.sha256(source + "".join(map(version, RENDERERS)).encode()).hexdigest()[:24]
    file = Path(config.config_file_path).parent / f".cache/rendered/{key}.json"

    def render_once(config, files):
        try:
            page.content, tokens, page.title = json.loads(file.read_text(encoding="utf-8"))
            page.toc = get_toc(tokens)
        except (OSError, ValueError):
            render(config, files)
            tokens = [token(entry) for entry in page.toc]
            write(file, json.dumps([page.content, tokens, str(page.title)]))

    page.render = render_once
    return page


def token(entry):
    """Return an entry of a table of contents as MkDocs reads it."""
    children = [token(child) for child in entry.children]
    return {"name": entry.title, "id": entry.id, "level": entry.level, "children": children}


def cleaned(content, page, config, files):
    """Return the cells alone, dressed as the site's own blocks are."""
    if not is_notebook(page):
        return content
    # The page that explains it is the one to find.
    page.meta["search"] = {"exclude": True}
    tree = parsed(content)
    for node in tree.css(NOT_NEEDED):
        node.decompose()
    for node in tree.css("a.anchor-link"):
        node.attrs["class"], node.attrs["title"] = "headerlink", "Permanent link"
    for node in tree.css("div.highlight-ipynb.hl-python"):
        code = node.css_first("pre").inner_html
        put(node, f'<div class="language-python highlight"><pre><code>{code}</code></pre></div>')
    for node in tree.css(".jp-RenderedMarkdown"):
        node.inner_html = FORMULA.sub(formula, node.inner_html)
    words = alternatives(Path(page.file.abs_src_path))
    drawings = tree.css('img[src^="data:image/svg+xml;base64,"]')
    for number, (node, text) in enumerate(zip(drawings, words, strict=True), 1):
        svg = base64.b64decode(node.attrs["src"].partition(",")[2]).decode("utf-8")
        drawn = inline(svg, f"figure-{number}", text)
        put(node, f'<figure class="drawing" tabindex="0">{drawn}</figure>')
    return tree.css_first(".jupyter-wrapper").html


def in_colab(output, page, config):
    """Lead to Colab, where the site's repository is known: a branch has the notebooks."""
    if not is_notebook(page) or not config.repo_url:
        return output
    place = config.repo_url.rstrip("/").partition("github.com/")[2]
    path = page.file.src_uri.removeprefix("notebooks/").removesuffix(".ipynb")
    file = f"executed/{path}/{path.rpartition('/')[2]}.ipynb"
    href = f"https://colab.research.google.com/github/{place}/blob/notebooks/{file}"
    link = f'>Script</a> · <a href="{href}">Open in Colab</a></p>'
    return once(output, LEAD, link, page.file.src_uri)


def published(config):
    """Write each notebook, with what it printed, beside its page."""
    built = config.extra["proofread"]
    for uri, text in built.notebooks.items():
        place = Path(config.site_dir, posixpath.dirname(built.urls[uri]))
        publish(place / posixpath.basename(uri), text)


def alternatives(path):
    """What each drawing of a notebook shows, in order; mkdocs-jupyter loses some of it."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    outputs = [output for cell in cells for output in cell.get("outputs", ())]
    return [output["metadata"][SVG]["alt"] for output in outputs if SVG in output.get("data", ())]


def formula(found):
    """Return a formula, as a page has it."""
    if found[1]:
        return f'<div class="math" tabindex="0">{mathml(unescape(found[1]).strip(), True)}</div>'
    return mathml(unescape(found[2]).strip(), False)
