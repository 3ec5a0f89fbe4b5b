"""A page for each notebook, from mkdocs-jupyter, that looks and weighs as all others.

It would bring 590 KB of JupyterLab's styles, scripts from elsewhere, and each cell's code twice. As
a plugin it would also be imported by each build, which takes as long as all pages do that are taken
as they were; so it is asked for a notebook that nobody has rendered yet, and only then.
"""

import base64
import hashlib
import json
import logging
import posixpath
import re
from html import unescape
from importlib.metadata import version
from pathlib import Path

from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File
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
#: What decides how a notebook looks, beside itself.
RENDERERS = ("mkdocs-jupyter", "nbconvert")
SVG = "image/svg+xml"
#: A cell's code.
BLOCK = "div.highlight-ipynb.hl-python"
FORMULA = re.compile(r"\$\$(.+?)\$\$|(?<!\\)\$([^$\n]+)\$", re.DOTALL)


class Notebook(File):
    """A notebook that is a page."""

    def is_documentation_page(self):
        """Let MkDocs make a page of it."""
        return True


def as_pages(files, config):
    """Let MkDocs make a page of each notebook."""
    for file in [file for file in files if file.src_uri.endswith(".ipynb")]:
        files.remove(file)
        where = (file.src_dir, file.dest_dir, file.use_directory_urls)
        files.append(Notebook(file.src_uri, *where))
    return files


def is_notebook(page):
    """Tell whether a page is that of a notebook."""
    return page.file.src_uri.endswith(".ipynb")


def kept(page, config, files):
    """Let a notebook be rendered once, which takes seconds; what is kept is whole, or not there."""
    if not is_notebook(page):
        return page
    source = Path(page.file.abs_src_path)
    key = hashlib.sha256(source.read_bytes() + "".join(map(version, RENDERERS)).encode())
    file = Path(config.config_file_path).parent / f".cache/rendered/{key.hexdigest()[:24]}.json"

    def render(config, files):
        try:
            page.content, tokens, page.title = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            page.content, tokens, page.title = rendered(source)
            write(file, json.dumps([page.content, tokens, page.title]))
        page.toc = get_toc(tokens)

    page.render = render
    return page


def rendered(source):
    """Return a notebook's HTML, the entries of its table of contents, and its title."""
    # Slow to import.
    from mkdocs_jupyter.convert import nb2html
    from mkdocs_jupyter.plugin import get_nb_toc

    logging.getLogger("mkdocs.mkdocs-jupyter").setLevel("WARNING")  # A line for each is too many.
    toc, title = get_nb_toc(str(source), toc_depth=6)
    return nb2html(str(source)), [token(entry) for entry in toc], title


def token(entry):
    """Return an entry of a table of contents as MkDocs reads it."""
    children = [token(child) for child in entry.children]
    return {"name": entry.title, "id": entry.id, "level": entry.level, "children": children}


def cleaned(content, page, config, files):
    """Return the cells alone, dressed as the site's own blocks are.

    Raises PluginError where it does not find each cell's code.
    """
    if not is_notebook(page):
        return content
    # The page that explains it is the one to find.
    page.meta["search"] = {"exclude": True}
    tree = parsed(content)
    for node in tree.css(NOT_NEEDED):
        node.decompose()
    for node in tree.css("a.anchor-link"):
        node.attrs["class"], node.attrs["title"] = "headerlink", "Permanent link"
    cells = json.loads(Path(page.file.abs_src_path).read_text(encoding="utf-8"))["cells"]
    blocks, wanted = tree.css(BLOCK), sum(cell["cell_type"] == "code" for cell in cells)
    if len(blocks) != wanted:
        found = f"{BLOCK} stands there {len(blocks)} times, for {wanted} cells of code"
        raise PluginError(f"{page.file.src_uri}: {found}")
    for node in blocks:
        code = node.css_first("pre").inner_html
        put(node, f'<div class="language-python highlight"><pre><code>{code}</code></pre></div>')
    for node in tree.css(".jp-RenderedText pre"):
        node.attrs["tabindex"] = "0"  # A wide one scrolls, and has to without a mouse.
    for node in tree.css(".jp-RenderedMarkdown"):
        node.inner_html = FORMULA.sub(formula, node.inner_html)
    words = alternatives(cells)
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


def alternatives(cells):
    """What each drawing of a notebook shows, in order; mkdocs-jupyter loses some of it."""
    outputs = [output for cell in cells for output in cell.get("outputs", ())]
    return [output["metadata"][SVG]["alt"] for output in outputs if SVG in output.get("data", ())]


def formula(found):
    """Return a formula, as a page has it."""
    if found[1]:
        return f'<div class="math" tabindex="0">{mathml(unescape(found[1]).strip(), True)}</div>'
    return mathml(unescape(found[2]).strip(), False)
