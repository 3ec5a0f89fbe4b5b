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

SITE = {
    "site_name": "Examples",
    "theme": {"name": "material", "font": False},
    "markdown_extensions": [
        "attr_list",
        "md_in_html",
        {"pymdownx.highlight": {"pygments_lang_class": True}},
        "pymdownx.superfences",
    ],
}


@dataclass(frozen=True)
class Tool:
    """One way to run the examples of a site."""

    name: str
    #: A function of (folder, pages) that writes what the tool works on.
    write: Callable
    #: The words after ``python``.
    command: tuple
    #: What the tool keeps from one run to the next.
    keeps: tuple = ()
    #: What an author can state: "output", "error", "prose".
    states: tuple = ()
    #: What has a process of its own: "example", "page" or "".
    isolates: str = ""
    #: Whether it makes the site, or tests beside it.
    builds: bool = True
    #: Whether it runs anything at all.
    runs: bool = True

    @property
    def phases(self):
        """Without a memory all runs are alike."""
        return ("cold", "warm", "changed") if self.keeps else ("cold",)

    @property
    def serves(self):
        """Whether ``mkdocs serve`` shows what it makes."""
        return self.command[1:3] == ("mkdocs", "build")


# --- Markdown ---


def write_ours(folder, pages):
    """Snippets, and pages that include them."""
    put(folder / "mkdocs.yml", config(hooks=[str(ROOT / "proofread/hook.py")], watch=["snippets"]))
    for page in pages:
        fences = []
        for block in page.blocks:
            name = f"{page.name}/{block.name}.py"
            put(folder / "snippets" / name, block.text)
            fences.append(f'```python\n--8<-- "{name}"\n```\n')
        put(folder / "docs" / f"{page.name}.md", markdown(page, fences))
    index(folder)


def write_plain(folder, pages):
    """Pages with their outputs, which nobody runs."""
    put(folder / "mkdocs.yml", config())
    write_markdown(folder, pages, "python", output="```text\n{output}```\n")


def write_codeblocks(folder, pages):
    mark, expected = "<!--pytest-codeblocks:expected-output-->", "```text\n{output}```\n"
    xfail = "<!--pytest.mark.xfail(strict=True, raises=RuntimeError)-->\n"
    write_markdown(folder, pages, "python", f"{mark}\n{expected}", before_error=xfail)


def write_markdown_exec(folder, pages):
    put(folder / "mkdocs.yml", config(plugins=["search", "markdown-exec"]))
    write_markdown(folder, pages, 'python exec="1" source="above" result="text"')


def write_pytest_examples(folder, pages):
    put(
        folder / "test_docs.py",
        "import pytest\nfrom pytest_examples import find_examples\n\n\n"
        '@pytest.mark.parametrize("example", find_examples("docs"), ids=str)\n'
        "def test_docs(example, eval_example):\n    eval_example.run_print_check(example)\n",
    )
    for page in pages:
        fences = [f"```python\n{block.text}```\n" for block in page.blocks]
        put(folder / "docs" / f"{page.name}.md", markdown(page, fences))


def write_markdown(folder, pages, info, output="", before_error=""):
    for page in pages:
        fences = []
        for block in page.blocks:
            shown = output.format(output=block.output) if output and block.output else ""
            before = before_error if block.error else ""
            fences.append(f"{before}```{info}\n{block.code}```\n\n{shown}")
        put(folder / "docs" / f"{page.name}.md", markdown(page, fences))
    index(folder)


def markdown(page, fences):
    return "\n".join([f"# {page.name}\n", f"{page.prose}\n", *fences])


def index(folder):
    put(folder / "docs/index.md", "# Home\n\nHome.\n")


def config(**more):
    return yaml.safe_dump(SITE | more)


# --- notebooks and scripts ---


def write_mkdocs_jupyter(folder, pages):
    options = {"execute": True, "allow_errors": False, "include": ["*.ipynb"]}
    put(folder / "mkdocs.yml", config(plugins=["search", {"mkdocs-jupyter": options}]))
    write_notebooks(folder / "docs", pages)
    index(folder)


def write_jupyter_book(folder, pages):
    execute = {"execute_notebooks": "cache", "allow_errors": False}
    book = {"title": "Examples", "execute": execute, "only_build_toc_files": True}
    put(folder / "_config.yml", yaml.safe_dump(book))
    chapters = [{"file": f"docs/{page.name}"} for page in pages]
    toc = {"format": "jb-book", "root": "docs/index", "chapters": chapters}
    put(folder / "_toc.yml", yaml.safe_dump(toc))
    write_notebooks(folder / "docs", pages)
    index(folder)


def write_nbval(folder, pages):
    write_notebooks(folder / "docs", pages)


def write_notebooks(folder, pages):
    import nbformat  # Not at the top: the page that shows the results does without.
    from nbformat import v4

    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    for page in pages:
        cells = [v4.new_markdown_cell(f"# {page.name}\n\n{page.prose}", id="text")]
        cells += [code_cell(v4, block, at) for at, block in enumerate(page.blocks)]
        text = nbformat.writes(v4.new_notebook(cells=cells, metadata=kernel))
        put(folder / f"{page.name}.ipynb", text)


def code_cell(v4, block, at):
    outputs, tags = [], []
    if block.output:
        outputs.append(v4.new_output("stream", name="stdout", text=block.output))
    if block.error:
        kind, _, value = block.error.partition(": ")
        outputs.append(v4.new_output("error", ename=kind, evalue=spelled_out(value), traceback=[]))
        tags = ["raises-exception"]
    made = {"id": f"cell-{at}", "outputs": outputs, "execution_count": at + 1}
    return v4.new_code_cell(block.code.rstrip("\n"), metadata={"tags": tags}, **made)


def spelled_out(message):
    """nbval knows no "...": the whole message is what a notebook holds."""
    whole = (
        "through the graph a second time (or directly access saved tensors after they have "
        "already been freed). Saved intermediate values of the graph are freed when you call "
        ".backward() or autograd.grad(). Specify retain_graph=True if you need to backward through "
        "the graph a second time or if you need to access saved tensors after calling backward."
    )
    return message.replace("through the graph a second time ...", whole)


def write_sphinx_gallery(folder, pages):
    failing = [f"examples/plot_{p.name}.py" for p in pages if any(b.error for b in p.blocks)]
    options = {
        "examples_dirs": "examples",
        "gallery_dirs": "gallery",
        "filename_pattern": "",
        "image_scrapers": (),
        "expected_failing_examples": failing,
    }
    put(
        folder / "conf.py",
        'project = "Examples"\nextensions = ["sphinx_gallery.gen_gallery"]\n'
        'exclude_patterns = ["_build"]\n'
        f"sphinx_gallery_conf = {options!r}\n",
    )
    put(folder / "index.rst", "Examples\n========\n\n.. toctree::\n\n   gallery/index\n")
    put(folder / "examples/README.rst", "Examples\n--------\n")
    for page in pages:
        cells = "\n".join(f"# %%\n# {block.name}\n\n{block.code}" for block in page.blocks)
        title = f"{page.name}\n{'=' * len(page.name)}"
        put(
            folder / f"examples/plot_{page.name}.py",
            f'"""\n{title}\n\n{page.prose}\n"""\n\n{cells}',
        )


def put(path, text):
    """Write a file, unless it says that already: tools look at the time of the change."""
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


MKDOCS = ("-m", "mkdocs", "build", "--strict", "--quiet")
#: Other plugins that happen to be installed are not loaded: see ENVIRONMENT.
PYTEST = ("-m", "pytest", "-q", "-p", "no:cacheprovider")
SPHINX = ("-m", "sphinx", "-q", "-b", "html", ".", "_build")
#: It has no module to start.
JUPYTER_BOOK = "from jupyter_book.cli.main import main; main()"
EVERYTHING = ("output", "error", "prose")

OURS = Tool(
    *("this site", write_ours, MKDOCS), keeps=(".cache",), states=EVERYTHING, isolates="example"
)
CHECK = replace(
    OURS, name="this site, check only", command=("-m", "proofread", "check"), builds=False
)
PLAIN = Tool("plain mkdocs build", write_plain, MKDOCS, runs=False)
CODEBLOCKS = (*PYTEST, "-p", "pytest_codeblocks.plugin", "--codeblocks", "docs")
EXAMPLES = (*PYTEST, "-p", "pytest_examples")
NBVAL = (*PYTEST, "-p", "nbval.plugin", "--nbval", "docs")
BOOK = ("-c", JUPYTER_BOOK, "build", "-q", "-W", ".")
GALLERY, BOTH = ("_build", "gallery"), ("output", "error")
#: Each is called as its package is.
PEERS = (
    Tool("markdown-exec", write_markdown_exec, MKDOCS),
    Tool("sphinx-gallery", write_sphinx_gallery, SPHINX, keeps=GALLERY, states=("error",)),
    Tool("mkdocs-jupyter", write_mkdocs_jupyter, MKDOCS, states=("error",), isolates="page"),
    Tool("jupyter-book", write_jupyter_book, BOOK, ("_build",), ("error",), isolates="page"),
    Tool("pytest-codeblocks", write_codeblocks, CODEBLOCKS, states=BOTH, builds=False),
    Tool("pytest-examples", write_pytest_examples, EXAMPLES, states=("output",), builds=False),
    Tool("nbval", write_nbval, NBVAL, states=BOTH, isolates="page", builds=False),
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
