"""The tools: how each is given the same pages, and started. Each in its default way of working.

Where a tool can be told to look closer, it is: stated outputs are compared, exceptions end the
run with an error, warnings are errors.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import yaml

from measured.kit import ROOT


@dataclass(frozen=True)
class Tool:
    """One way to run the examples of a site."""

    name: str
    #: A function of pages: {path: text} of what the tool works on.
    files: Callable
    #: The words after ``python``.
    command: tuple
    #: How it is run: one without a memory is always cold.
    phases: tuple = ("cold",)
    #: What an author can state: "output", "error", "prose".
    states: tuple = ()
    #: What has a process of its own: "each example", "each page" or "nothing".
    isolates: str = "nothing"

    @property
    def builds(self):
        """Whether it makes the site, or tests beside it."""
        return self.command[1] not in ("pytest", "proofread")

    def write(self, folder, pages):
        """Write each file, unless it says that already: tools look at the time of the change."""
        for name, text in self.files(pages).items():
            path = folder / name
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")


# --- Markdown ---

INDEX = {"docs/index.md": "# Home\n\nHome.\n"}
CODE, OUTPUT = "```python\n{block.code}```\n\n", "```text\n{block.output}```\n"
EXPECTED = f"<!--pytest-codeblocks:expected-output-->\n{OUTPUT}"
XFAIL = "<!--pytest.mark.xfail(strict=True, raises=RuntimeError)-->\n"
EXECUTED = CODE.replace("python", 'python exec="1" source="above" result="text"')
STATED = "```python\n{block.text}```\n"
INCLUDE = '```python\n--8<-- "{page.name}/{block.name}.py"\n```\n'
TESTS = """\
import pytest
from pytest_examples import find_examples


@pytest.mark.parametrize("example", find_examples("docs"), ids=str)
def test_docs(example, eval_example):
    eval_example.run_print_check(example)
"""


def site(**more):
    """The files of a site of MkDocs, beside its pages."""
    settings = {
        "site_name": "Examples",
        "theme": {"name": "material", "font": False},
        "markdown_extensions": [
            "attr_list",
            "md_in_html",
            {"pymdownx.highlight": {"pygments_lang_class": True}},
            "pymdownx.superfences",
        ],
    }
    return INDEX | {"mkdocs.yml": yaml.safe_dump(settings | more)}


def markdown(beside, code, output="", error=""):
    """Pages whose blocks are written in this way, before an error, and before an output."""

    def files(pages):
        found = dict(beside)
        for page in pages:
            parts = [f"# {page.name}\n", f"{page.prose}\n"]
            for block in page.blocks:
                form = (error if block.error else "") + code + (output if block.output else "")
                parts.append(form.format(page=page, block=block))
            found[f"docs/{page.name}.md"] = "\n".join(parts)
        return found

    return files


def ours(pages):
    """Snippets, and pages that include them."""
    beside = site(hooks=[str(ROOT / "proofread/hook.py")], watch=["snippets"])
    for page in pages:
        beside |= {f"snippets/{page.name}/{block.name}.py": block.text for block in page.blocks}
    return markdown(beside, INCLUDE)(pages)


# --- notebooks and scripts ---


def book(pages):
    """Jupyter Book's notebooks, with a table of contents."""
    execute = {"execute_notebooks": "cache", "allow_errors": False}
    config = {"title": "Examples", "execute": execute, "only_build_toc_files": True}
    chapters = [{"file": f"docs/{page.name}"} for page in pages]
    toc = {"format": "jb-book", "root": "docs/index", "chapters": chapters}
    beside = {"_config.yml": yaml.safe_dump(config), "_toc.yml": yaml.safe_dump(toc)}
    return notebooks(INDEX | beside)(pages)


def notebooks(beside):
    """Each page as a notebook."""
    return lambda pages: beside | {f"docs/{page.name}.ipynb": notebook(page) for page in pages}


def notebook(page):
    import nbformat  # Not at the top: the page that shows the results does without.
    from nbformat import v4

    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    cells = [v4.new_markdown_cell(f"# {page.name}\n\n{page.prose}", id="text")]
    for at, block in enumerate(page.blocks):
        outputs, tags = [], ["raises-exception"] if block.error else []
        if block.output:
            outputs.append(v4.new_output("stream", name="stdout", text=block.output))
        if block.error:
            kind, _, value = block.error.partition(": ")
            raised = {"ename": kind, "evalue": value.replace(*WHOLE), "traceback": []}
            outputs.append(v4.new_output("error", **raised))
        made = {"id": f"cell-{at}", "outputs": outputs, "execution_count": at + 1}
        cells.append(v4.new_code_cell(block.code.rstrip("\n"), metadata={"tags": tags}, **made))
    return nbformat.writes(v4.new_notebook(cells=cells, metadata=kernel))


#: nbval knows no "...": the whole message is what a notebook holds.
WHOLE = (
    "through the graph a second time ...",
    "through the graph a second time (or directly access saved tensors after they have "
    "already been freed). Saved intermediate values of the graph are freed when you call "
    ".backward() or autograd.grad(). Specify retain_graph=True if you need to backward through "
    "the graph a second time or if you need to access saved tensors after calling backward.",
)


def gallery(pages):
    """Each page as a script of Sphinx-Gallery."""
    failing = [f"examples/plot_{p.name}.py" for p in pages if any(b.error for b in p.blocks)]
    options = {
        "examples_dirs": "examples",
        "gallery_dirs": "gallery",
        "filename_pattern": "",
        "image_scrapers": (),
        "expected_failing_examples": failing,
    }
    found = {
        "conf.py": 'project = "Examples"\nextensions = ["sphinx_gallery.gen_gallery"]\n'
        f'exclude_patterns = ["_build"]\nsphinx_gallery_conf = {options!r}\n',
        "index.rst": "Examples\n========\n\n.. toctree::\n\n   gallery/index\n",
        "examples/README.rst": "Examples\n--------\n",
    }
    for page in pages:
        head = f'"""\n{page.name}\n{"=" * len(page.name)}\n\n{page.prose}\n"""\n'
        cells = (f"# %%\n# {block.name}\n\n{block.code}" for block in page.blocks)
        found[f"examples/plot_{page.name}.py"] = "\n".join([head, *cells])
    return found


MKDOCS = ("-m", "mkdocs", "build", "--strict", "--quiet")
#: Other plugins that happen to be installed are not loaded: see ENVIRONMENT.
PYTEST = ("-m", "pytest", "-q", "-p", "no:cacheprovider")
SPHINX = ("-m", "sphinx", "-q", "-b", "html", ".", "_build")
#: It has no module to start.
BOOK = ("-c", "from jupyter_book.cli.main import main; main()", "build", "-q", "-W", ".")
CODEBLOCKS = (*PYTEST, "-p", "pytest_codeblocks.plugin", "--codeblocks", "docs")
EXAMPLES = (*PYTEST, "-p", "pytest_examples")
NBVAL = (*PYTEST, "-p", "nbval.plugin", "--nbval", "docs")
JUPYTER = {"mkdocs-jupyter": {"execute": True, "allow_errors": False, "include": ["*.ipynb"]}}
ERROR, BOTH, EVERYTHING = ("error",), ("output", "error"), ("output", "error", "prose")
COLD, MEMORY, PAGE = ("cold",), ("cold", "warm", "changed"), "each page"

OURS = Tool("this site", ours, MKDOCS, MEMORY, EVERYTHING, "each example")
CHECK = replace(OURS, name="this site, check only", command=("-m", "proofread", "check"))
#: It runs no example.
PLAIN = Tool("plain mkdocs build", markdown(site(), CODE, OUTPUT), MKDOCS)
#: Each is called as its package is.
PEERS = (
    Tool("markdown-exec", markdown(site(plugins=["search", "markdown-exec"]), EXECUTED), MKDOCS),
    Tool("sphinx-gallery", gallery, SPHINX, MEMORY, ERROR),
    Tool("mkdocs-jupyter", notebooks(site(plugins=["search", JUPYTER])), MKDOCS, COLD, ERROR, PAGE),
    Tool("jupyter-book", book, BOOK, MEMORY, ERROR, PAGE),
    Tool("pytest-codeblocks", markdown(INDEX, CODE, EXPECTED, XFAIL), CODEBLOCKS, COLD, BOTH),
    Tool("pytest-examples", markdown({"test_docs.py": TESTS}, STATED), EXAMPLES, COLD, ("output",)),
    Tool("nbval", notebooks({}), NBVAL, COLD, BOTH, PAGE),
)
TOOLS = (OURS, CHECK, PLAIN, *PEERS)

ENVIRONMENT = {
    # Notebooks' templates lie beside the packages that are shared.
    "JUPYTER_PATH": str(Path(sys.prefix, "share/jupyter")),
    "NO_MKDOCS_2_WARNING": "1",
    "OMP_NUM_THREADS": "1",
    "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    "PYTHONPATH": str(ROOT),
}
