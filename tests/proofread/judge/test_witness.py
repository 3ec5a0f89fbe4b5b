"""What came out as HTML is looked at again: nothing is shown as true that was not found so."""

import pytest
from markdown import markdown

from proofread.judge.bind import Seen
from proofread.judge.witness import Count, Placed, count, decimals, witness
from proofread.project import Project
from proofread.read.page import parse_page
from proofread.show import render
from proofread.show.kinds import KINDS
from tests.proofread.conftest import write

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


@pytest.fixture(scope="module")
def report(tmp_path_factory, runner):
    """The verdicts on the snippets, which any page may show."""
    folder = tmp_path_factory.mktemp("witness")
    write(folder, {**SNIPPETS, "docs/index.md": ""})
    return Project(folder, runner=runner).check()


@pytest.fixture
def finish(report):
    """Return a function from a page's text to (what is placed on it, the finished HTML)."""

    def finish(text):
        page = parse_page("docs/index.md", text, KINDS)
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
    "a result in a text": "```text\nc: 2.0, dc_da: 5.0\n```",
    "a result of a program": "```console\n$ make run\nloss 0.25\n```",
    "a call in a script": "```sh\nloss.backward()\n```",
    "a loop": "```json\nfor x in y:\n  total += x\n```",
    "a difference": "```diff\n+ d = model(x)\n- d = model(y)\n```",
    "settings that call": "```ini\nd = model(x)\n```",
    "a prompt in prose": "<p>&gt;&gt;&gt; 2 + 2<br>5</p>",
    "lines of code": "`a = 2`  \n`print(a)`  \n`5`",
    "a stated output in a line": "It says `#> 5`.",
    "keys": "<kbd>d = a + b</kbd>",
    "a formula of words": "<math><mtext>`>>> print(2)`</mtext></math>",
    "a tooltip": '<abbr title=">>> 2">it</abbr>',
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
    "0.125": "It is&nbsp;0.125&thinsp;of it.",
    "7,250.5": "<div>`7,250.5` of it</div>",
    "7.75": "<div>`v = 7.75`</div>",
    "8.25": "<div>`reduced by 8.25`</div>",
    "9.125": "<div>`PyTorch: 9.125`</div>",
    "2.375": "In version 2.375 seconds.",
    "3¼": "It is 3¼.",
    "1.625": '<div class="arithmatex">`It is 1.625`</div>',
    "2.625": "<math><mtext>`It is 2.625`</mtext></math>",
    "3.625": '<span aria-label="`3.625`">x</span>',
}


@pytest.mark.parametrize("number", NUMBERS)
def test_a_number_that_is_typed_is_found(found, number):
    """However it is written, and wherever it stands; it is named with its line."""
    text = f"# T\n\n{INCLUDE}\n{NUMBERS[number]}\n"
    line = next(n for n, line in enumerate(text.split("\n"), 1) if number in line and n > 5)
    assert any(said.startswith(f"docs/index.md:{line}: {number} is typed") for said in found(text))


SPLIT = ["7<b>.</b>25", "7&#46;25", "7.&zwj;25", "7.&shy;25", "7·25", '7.<i class="gone">x</i>25']


@pytest.mark.parametrize("split", SPLIT)
def test_a_number_is_read_as_it_is_shown(found, split):
    """Whatever its signs are made of."""
    said = found(f"# T\n\n{INCLUDE}\nIt is {split}.\n")
    assert len(said) == 1 and "25 is typed" in said[0]


UNKNOWN = {
    "a picture": "![A plot](plot.svg)",
    "a picture by reference": "![A plot][x]\n\n[x]: https://example.org/x.png",
    "a picture in its address": '<img src="data:image/svg+xml,x" alt="x">',
    "a drawing by hand": '<svg viewBox="0 0 9 9"><path d="M0 0"/></svg>',
    "what is hidden": "It is 7.<i hidden>x</i>25.",
    "a style": '<div style="white-space: pre">a = 2</div>',
    "a field": '<input value="print(2)">',
    "a button": "<button>print(2)</button>",
    "a meter": '<meter value="0"></meter>',
    "an event": '<span onclick="alert(1)">x</span>',
    "a script in a link": "[x](javascript:alert)",
    "a page in a link": "[x](data:text/plain,print)",
    "a style sheet": '<link rel="stylesheet" href="x.css">',
    "another page": '<meta http-equiv="refresh" content="0;url=https://example.org">',
    "another place": '<base href="https://example.org">',
    "what is copied": '<div data-copy="print(2)">x</div>',
    "an element of nobody": "<my-result>x</my-result>",
    "a window": "<dialog open>x</dialog>",
    "a formula that acts": "<math><maction>x</maction></math>",
    "another direction": '<bdo dir="rtl">x</bdo>',
}


@pytest.mark.parametrize("text", UNKNOWN.values(), ids=UNKNOWN)
def test_what_could_show_or_hide_anything_is_found(found, text):
    """Elements and attributes that are not on the list of those that claim nothing."""
    said = found(f"# T\n\n{INCLUDE}\n{text}\n")
    assert any("shows what nobody can assert" in line for line in said)


def test_a_part_of_the_theme_may_hold_what_it_holds_and_no_more():
    """Each of its elements once."""
    part = '<form class="x"><input value="1"></form>'
    placed = Placed("x.md", parts=[part])
    assert witness(f"<body>{part}</body>", placed) == []
    assert len(witness(f"<body>{part}{part}</body>", placed)) == 2


ARTICLE = '<article><h1>x</h1><p class="verified">x</p></article>'
AROUND = {
    "the navigation": f"<nav><ul><li>It is 7.25</li></ul></nav>{ARTICLE}",
    "the foot": f"{ARTICLE}<footer>It is 7.25</footer>",
    "code": f"{ARTICLE}<footer><pre>7.25</pre></footer>",
    "a prompt": f"{ARTICLE}<footer><p>&gt;&gt;&gt; 7.25</p></footer>",
}


@pytest.mark.parametrize("html", AROUND.values(), ids=AROUND)
def test_what_stands_around_a_page_is_read(html):
    """It is written in mkdocs.yml."""
    placed = Placed("x.md", around=["", "copyright: It is 7.25", ""])
    said = [str(fault) for fault in witness(f"<body>{html}</body>", placed)]
    assert said and any(line.startswith("mkdocs.yml:2: '7.25' stands") for line in said)
    assert witness(f"<body><nav>x</nav>{ARTICLE}</body>", placed) == []


def test_an_author_does_not_end_what_the_theme_began():
    """What stands behind would be taken for the theme's."""
    html = ARTICLE.replace("<h1>x</h1>", "<h1>x</h1></article>print")
    assert "ends an element that it did not begin" in str(witness(html, Placed("x.md"))[0])


def test_a_heading_is_repeated_in_the_list_of_headings():
    """What the page may say, its navigation may."""
    html = "<nav>4.5 torch.f()</nav><article><h1>4.5 <code>torch.f()</code></h1></article>"
    assert witness(f"<body>{html}</body>", Placed("x.md", words=["4.5"])) == []


def test_captions_and_what_drawings_are_called_are_read():
    """Nothing in them is code, or a formula, whatever their signs."""
    mark = '<span class="mark"></span>'
    graph = f'<figure class="graph"><figcaption>It is $4.625$. {mark}</figcaption></figure>'
    drawn = '<figure class="drawing"><svg aria-label="It is `5.625`"></svg></figure>'
    placed = Placed("x.md", graphs=1, drawings=1)
    said = [fault.message.split()[0] for fault in witness(f"<body>{graph}{drawn}</body>", placed)]
    assert said == ["4.625", "5.625"]


def test_only_a_server_shows_what_is_not_true():
    """In a build, nothing is excused by a red box."""
    html = '<body><div class="failure" role="alert"><pre>print(2)</pre></div></body>'
    assert witness(html, Placed("x.md", failing=True)) == []
    assert witness(html, Placed("x.md")) != []


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
