"""What came out as HTML is looked at again: nothing is shown as true that was not found so."""

import pytest
from markdown import markdown

from proofread.judge.bind import Seen
from proofread.judge.witness import Count, Placed, count, decimals, witness
from proofread.read.page import parse_page
from proofread.show import render
from proofread.show.kinds import KINDS

#: As on the site.
EXTENSIONS = (
    *("admonition", "attr_list", "def_list", "footnotes", "md_in_html", "tables", "toc"),
    *("pymdownx.arithmatex", "pymdownx.details", "pymdownx.highlight", "pymdownx.inlinehilite"),
    *("pymdownx.superfences", "pymdownx.tabbed"),
)
CONFIGS = {
    "pymdownx.arithmatex": {"generic": True},
    "pymdownx.highlight": {"pygments_lang_class": True},
    "pymdownx.tabbed": {"alternate_style": True},
}
SNIPPETS = {
    "snippets/x.py": "a = 4.5\nprint(a)\n#> 4.5\n",
    "snippets/y.py": "# --8<-- [start:b]\nb = 1\n# --8<-- [end:b]\nprint(b)\n#> 1\n",
}
INCLUDE = '```python\n--8<-- "x.py"\n```\n'


@pytest.fixture
def finish(build):
    """Return a function from a page's text to (what is placed on it, the finished HTML)."""

    def finish(text):
        project = build({**SNIPPETS, "docs/index.md": text})
        report = project.check()
        page = report.pages["docs/index.md"]
        seen = Seen(page, report, lambda target: target)
        made = markdown(render.markdown(seen), extensions=EXTENSIONS, extension_configs=CONFIGS)
        made = render.html(made, seen, [])
        return render.placed(seen, text), f"<title>x</title><article>{made}</article>"

    return finish


@pytest.fixture
def found(finish):
    """Return a function from a page's text to what the witness says of it."""

    def found(text):
        placed, html = finish(text)
        return [str(fault) for fault in witness(html, placed)]

    return found


TRUE = {
    "a snippet, its value, and prose": f"{INCLUDE}\nIt is {{{{ x.py:a }}}}, or {{{{ x.py:a }}}}.",
    "a section": '```python\n--8<-- "y.py:b"\n```',
    "in an admonition": '!!! note\n\n    ```python\n    --8<-- "x.py"\n    ```',
    "in a tab": '=== "One"\n\n    ```python\n    --8<-- "x.py"\n    ```',
    "in a list": '1. One:\n\n    ```python\n    --8<-- "x.py"\n    ```',
    "the same twice": f"{INCLUDE}\n{INCLUDE}",
    "a command": "```console\nmake test\n```",
    "plain text": "```text\nRuntimeError: no\n```",
    "Markdown": '````markdown\n```python\n--8<-- "mine.py"\n```\n````',
    "a reason": '```text title="not run: the form of a header"\n# wrong: a is 2, the\nb = 3\n```',
    "a constant": "The paper reports 1.14. <!-- constant: Rifai et al., table 1 -->",
    "versions": "With PyTorch 2.13 and 2.14, CUDA 12.4, NumPy 2.0, Python 3.11, release 2.13.0.",
    "references": "See section 3.2, arXiv:1706.02677 and figure 1.4.",
    "a formula": "$$ x = 7.25\n$$\n\nand $y = 7.25$ and \\(7.25\\).",
    "code in a line": "`7.25` and ``a`b 7.25``.",
    "whole numbers": "10,000 of 3 at 1, 2, 3.",
    "a table": "| a |\n| --- |\n| {{ x.py:a }} |\n",
}


@pytest.mark.parametrize("text", TRUE.values(), ids=TRUE)
def test_what_is_true_passes(found, text):
    """Whatever Markdown makes of it."""
    assert found(f"# T\n\n{text}\n") == []


BLOCKS = {
    "indented": "Word.\n\n    >>> torch.autograd.grad(d, a)[0]\n    tensor(42.)\n",
    "another name of Python": "```ipython3\nprint(2 + 2)\n```",
    "an old name": "```python2\nprint 2\n```",
    "a relative": "```sage\n2 + 2\n```",
    "a language that nobody listed": "```rust\nfn main() {}\n```",
    "without a language": "```\nprint(2 + 2)\n```",
    "HTML": "<pre><code>print(2)\n#> tensor(45)</code></pre>",
    "an input": "<textarea>print(2)</textarea>",
    "in a list": "- One\n\n        print(2)\n",
    "console": "```console\n$ python -c 'print(2+2)'\n5\n```",
    "a stated output": "```text\n5.0\n```",
    "a tensor": "```text\ntensor([1., 2.])\n```",
    "a session": "```text\nIn [1]: a\nOut[1]: 5\n```",
    "an assignment": "```text\nd = a + b\n```",
    "in Markdown": "````markdown\n```python\nprint(2)\n#> 2\n```\n````",
    "without a reason": '```text title="an example"\nprint(2)\n```',
    "with half a reason": '```text title="not run: no"\nprint(2)\n```',
    "a quotation": "> ```text\n> print(2)\n> ```",
    "a tab": '=== "One"\n\n    ```text\n    print(2)\n    ```',
    "closed elsewhere": "```text\na\n  ```\n```\n\n```python\nprint(2)\n```\n",
    "tildes": 2 * '~~~ python title="a`b"\nprint(2)\n~~~\n\n',
    "after a formula": "$$ x\n= y\n$$\n\n```python\nprint(2)\n```",
    "a script": '<script>document.write("print(2)")</script>',
    "a frame of elsewhere": '<iframe srcdoc="print(2)"></iframe>',
    "code of several lines": "<code>\nprint(2)\n#> 5\n</code>",
    "a frame by hand": '<figure class="snippet"><p>print(2)</p></figure>',
}


@pytest.mark.parametrize("text", BLOCKS.values(), ids=BLOCKS)
def test_a_block_that_was_not_run_is_found(found, text):
    """Under any name, or none, and wherever two parsers disagree: when it is read, or here."""
    said = found(f"# T\n\n{INCLUDE}\n{text}\n")
    read = parse_page("docs/index.md", f"# T\n\n{INCLUDE}\n{text}\n", KINDS).faults
    assert said or read
    assert all(line.startswith("docs/index.md:") for line in map(str, [*said, *read]))


NUMBERS = {
    "7.25e-3": "The error is 7.25e-3.",
    "3.75": "That is 3.75x less.",
    "8.75": "When a < 0 it is 8.75, and when a > 0 it is 6.",
    "6.25": "It is _6.25_, really.",
    "5.5": "It took 5.5s.",
    "1.5e-7": "About 1.5e-7 of it.",
    "7.25": "costs $5 or 7.25, or $6.",
    "2.75": "``a`b`` 2.75 `c`",
    ".5": "It is .5 of it.",
    "7,25": "It is 7,25 of it.",
    "1e-7": "It is 1e-7 of it.",
    "9.25": "$$ x\n= y\n$$\n\nIt is 9.25.",
    "9.75": '!!! note "It is 9.75"\n\n    Word.',
    "4.5": "It is 4.5, as nobody bound.",
    "1.75": "## A heading of 1.75",
    "1.25": "| a |\n| --- |\n| 1.25 |",
    "3.25": "Word[^1].\n\n[^1]: It is 3.25.",
    "2.25": "<p>It is 2.25.</p>",
    "0.25": "<figure>It is 0.25.</figure>",
    "0.75": '<p class="verified">It is 0.75.</p>',
    "2.125": "<svg><text>2.125</text></svg>",
    "3.125": '<abbr title="3.125">it</abbr>',
    "4.125": "![It is 4.125](x.svg)",
    "5.125": "<kbd>5.125</kbd>",
    "6.125": '=== "6.125"\n\n    Word.',
}


@pytest.mark.parametrize("number", NUMBERS)
def test_a_number_that_is_typed_is_found(found, number):
    """However it is written, and wherever it stands; it is named with its line."""
    text = f"# T\n\n{INCLUDE}\n{NUMBERS[number]}\n"
    line = next(n for n, line in enumerate(text.split("\n"), 1) if number in line and n > 5)
    assert any(said.startswith(f"docs/index.md:{line}: {number} is typed") for said in found(text))


@pytest.mark.parametrize("split", ["7<b>.</b>25", "7&#46;25", "7.&zwj;25", "7.&shy;25", "7·25"])
def test_a_number_is_read_as_it_is_shown(found, split):
    """Whatever its signs are made of."""
    said = found(f"# T\n\n{INCLUDE}\nIt is {split}.\n")
    assert len(said) == 1 and "25 is typed" in said[0]


def test_titles_and_descriptions_are_read():
    """They are what a search engine shows."""
    html = '<title>It is 7.25</title><meta name="description" content="or 8.25"><body></body>'
    said = [fault.message.split()[0] for fault in witness(html, Placed("x.md", ["a", "8.25"]))]
    assert sorted(said) == ["7.25", "8.25"]


def test_each_number_is_known_as_often_as_it_is_bound(found):
    """A value that is bound once does not vouch for the same number typed beside it."""
    assert found(f"# T\n\n{INCLUDE}\n{{{{ x.py:a }}}} and 4.5.\n") != []


CHANGED = {
    "other code": ("4.5", "5.5"),
    "no mark": ('class="mark"', 'class="stain"'),
    "another word": (">asserted<", ">ran<"),
    "no frame": ('figure class="snippet', 'figure class="other'),
    "no block": ('id="x"', 'id="z"'),
    "two blocks of one name": ("<h1", '<p id="x"></p><h1'),
    "a frame more": ("<h1", '<figure class="snippet"></figure><h1'),
    "a drawing more": ("<h1", '<figure class="drawing"></figure><h1'),
    "in a comment": ('<figure class="snippet', '<!--<figure class="snippet'),
    "a block more": ("<h1", '<div class="highlight"><pre>1</pre></div><h1'),
    "code in the theme's foot, typed": ("<h1", '<aside class="colophon"><pre>1</pre></aside><h1'),
}


@pytest.mark.parametrize(("old", "new"), CHANGED.values(), ids=CHANGED)
def test_a_page_that_was_changed_is_found(finish, old, new):
    """Each frame holds the block that it was made for, and nothing else looks like one."""
    placed, html = finish(f"# T\n\n{INCLUDE}\n")
    assert witness(html, placed) == []
    assert old in html
    assert witness(html.replace(old, new, 1), placed) != []


def test_it_counts_for_itself(finish):
    """Blocks, frames and marks, without being told."""
    _, html = finish(f"# T\n\n{INCLUDE}\n{INCLUDE}\n")
    assert count(html) == Count(blocks=2, frames=2, marks=2, graphs=0, drawings=0)


@pytest.mark.parametrize("text", ["PyTorch 2.13", "v2.13.0", "1,000", "10.", "x.5", "a1.5"])
def test_what_is_no_decimal(text):
    """Versions, thousands, and parts of names."""
    assert decimals(text) == []
