"""Autograd graphs: walked by the snippet's process, stated on a page, and drawn there."""

import ast
from xml.etree import ElementTree

import pytest
import torch

from proofread.judge.graph import Subgraph
from proofread.run.inside.limits import NODES
from proofread.run.inside.walk import walk
from proofread.show import draw

TOY = """\
import torch

a = torch.tensor(1.0, requires_grad=True)
b = torch.tensor(2.0)
c = a * a * b
dc_da = torch.autograd.grad(c, a, create_graph=True)[0]
d = (a + dc_da) * b
"""
CUT = TOY.replace(", create_graph=True", "")
PAGE = """\
# Tiny

```python
--8<-- "x.py"
```

```graph x.py:d
Three ways lead from d to a.

d = 10: MulBackward0(AddBackward0(a, dc_da), [b])
a = 1: AccumulateGrad
dc_da = 4: AddBackward0(MulBackward0(-, a), MulBackward0(-, a))
[b] = 2: constant
```
"""


def outline(code, *roots, saved=False):
    """The lines of the graph that a snippet's variables have."""
    space = {}
    exec(code, space)
    return Subgraph.below(walk(space, ast.parse(code)), roots, saved).outline()


def test_the_graph_is_pytorchs_own():
    """Nodes and edges are those of ``next_functions``, each once, and no others."""
    space = {}
    exec(TOY, space)
    nodes = walk(space, ast.parse(TOY))
    waiting, functions = [space["c"].grad_fn, space["d"].grad_fn], {}
    while waiting:
        function = waiting.pop()
        below = [f for f, _ in function.next_functions if f]
        functions[function] = (function.name().rpartition("::")[2], len(below))
        waiting += below
    ours = [
        (n.op, sum(not nodes[number].is_constant for number in n.below))
        for n in nodes
        if not n.is_constant
    ]
    assert sorted(ours) == sorted(functions.values())


def test_a_gradient_without_create_graph_is_a_lone_constant():
    """The tensors that its code names are where an edge is missing."""
    assert outline(CUT, "d") == [
        "d = 10: MulBackward0(AddBackward0(a, [dc_da]), [b])",
        "a = 1: AccumulateGrad",
        "[dc_da] = 4: constant, no edge to a, c",
        "c = 2: MulBackward0(MulBackward0(a, a), [b])",
        "[b] = 2: constant",
    ]


HEAD = (
    "import torch\nx = torch.tensor([1.0, 2.0], requires_grad=True)\nk = torch.ones(2)\nn = 3.0\n"
)
OUTLINES = {
    "a shape stands for a tensor that is no number": ("y = x", "y", ["x = [2]: AccumulateGrad"]),
    "Python turns a number in front round": (
        "y = 2 * x + n * k",
        "y",
        ["y = [2]: AddBackward0(MulBackward0(x, -), [n * k])", "[n * k]: constant"],
    ),
    "a method and a function of a module": (
        "y = torch.mul(x.mul(k), k)",
        "y",
        ["y = [2]: MulBackward0(MulBackward0(x, [k]), [k])", "[k] = [2]: constant"],
    ),
    "detached in the middle of a line": (
        "z = x * x\ny = x + z.detach()",
        "y",
        [
            "y = [2]: AddBackward0(x, [z.detach()])",
            "[z.detach()]: constant, no edge to z",
            "z = [2]: MulBackward0(x, x)",
        ],
    ),
    "cut in a loop, several lines before": (
        "P = 0\nfor i in range(2):\n    P = P + torch.autograd.grad((x**3).sum(), x)[0].sum()\n"
        "y = x.sum() + P",
        "y",
        ["y = 33: AddBackward0(SumBackward0(x), [P])", "[P] = 30: constant, no edge to x"],
    ),
    "several outputs of one node": (
        "first, second = x.unbind()\ny = first * second",
        "y",
        ["y = 2: MulBackward0(first, second)", "first, second = 1, 2: UnbindBackward0(x)"],
    ),
    "a node without a name that is used twice": (
        "def f(t):\n    s = t.sin()\n    return s + s\ny = f(x)",
        "y",
        ["y = [2]: AddBackward0(#1, #1)", "#1: SinBackward0(x)"],
    ),
    "modules, lists and dicts": (
        "m, l, d = torch.nn.Linear(2, 1, bias=False), [x], {'k': k}\ny = m(x)\nz = l[0] * d['k']",
        "y,z",
        ["m.weight = [1, 2]: AccumulateGrad", "z = [2]: MulBackward0(x, [d['k']])"],
    ),
    "one that is defined twice": (
        "y = x * k\ny = x + k",
        "y",
        ["y = [2]: AddBackward0(x, [k])", "[k] = [2]: constant"],
    ),
}


@pytest.mark.parametrize("name", OUTLINES)
def test_lines_of_a_graph(name):
    """What a page states of it."""
    code, roots, expected = OUTLINES[name]
    found = outline(HEAD + code, *roots.split(","))
    assert [line for line in expected if line not in found] == []


def test_what_is_kept_for_the_backward_pass():
    """A tensor that has a name is named, and one that was freed is said to be."""
    code = HEAD + "y = x * k\nz = y.exp() * x"
    kept = "z = [2]: MulBackward0{x, a tensor}(ExpBackward0{a tensor}(y), x)"
    assert outline(code, "z", saved=True)[0] == kept
    freed = outline(code + "\nz.sum().backward()", "z", saved=True)
    assert freed[0] == "z = [2]: MulBackward0{freed}(ExpBackward0{freed}(y), x)"


def test_a_graph_that_nobody_would_look_at_is_not_kept():
    """It has too many nodes."""
    code = "import torch\ny = x = torch.ones((), requires_grad=True)\n"
    space = {}
    exec(code + f"for i in range({NODES.value}):\n    y = y.sin()", space)
    assert walk(space, ast.parse(code)) == []


def test_tensors_without_a_graph_have_none():
    """Nothing requires a gradient."""
    space = {"x": torch.ones(2)}
    assert walk(space, ast.parse("")) == []


FAULTS = {
    "create_graph is gone": (TOY, CUT, "docs/index.md:10: the graph of x.py is another one"),
    "a value is another one": ("tensor(1.0", "tensor(2.0", "+a = 2: AccumulateGrad"),
    "an operation is another one": ("a * a * b", "a * (a + b)", "docs/index.md:10: the graph"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_another_graph_is_a_fault(build, name):
    """Said with the page's line, the difference, and what would accept it."""
    before, after, message = FAULTS[name]
    snippet = TOY.replace(before, after)
    report = build({"snippets/x.py": snippet, "docs/index.md": PAGE}).check()
    (fault,) = report.faults
    assert message in str(fault)
    assert "to accept what happened: python -m proofread update docs/index.md" in str(fault)


def test_what_is_stated_is_compared(build):
    """The graph as it is has no fault."""
    assert build({"snippets/x.py": TOY, "docs/index.md": PAGE}).check().faults == []


BAD = {
    "x.py": "this graph has no variable: write ```graph folder/file.py:name",
    "x.py:e": "the graph of x.py has no variable 'e' (has: a, b, c, d, dc_da)",
    "y.py:d": "no such snippet: y.py",
}


@pytest.mark.parametrize("name", BAD)
def test_a_graph_that_cannot_be_drawn_is_a_fault(build, name):
    """What, where, and what to do."""
    page = PAGE.replace("graph x.py:d", f"graph {name}")
    report = build({"snippets/x.py": TOY, "docs/index.md": page}).check()
    assert f"docs/index.md:7: {BAD[name]}" in [
        str(fault).partition(", or")[0] for fault in report.faults
    ]


def test_a_graph_without_a_word_is_a_fault(build):
    """Who cannot see it must know what it shows."""
    page = PAGE.replace("Three ways lead from d to a.\n", "")
    (fault,) = build({"snippets/x.py": TOY, "docs/index.md": page}).check().faults
    assert "docs/index.md:7: a graph without a word is lost on many" in str(fault)


@pytest.mark.parametrize("indent", ["", "    "])
def test_update_writes_the_lines(build, tmp_path, indent):
    """And nothing else, wherever the graph stands on the page."""
    head, graph_fence = PAGE.split("```graph")
    graph_fence = "```graph" + graph_fence
    tab = '=== "Tab"\n\n' if indent else ""
    wanted = (
        head + tab + "".join(indent * bool(t.strip()) + t for t in graph_fence.splitlines(True))
    )
    lines = wanted.splitlines(True)
    before = "".join([*lines[:-5], f"{indent}d = 11: nothing\n", lines[-1]])
    project = build({"snippets/x.py": TOY, "docs/index.md": before})
    assert project.update(project.check()) == ["docs/index.md"]
    assert (tmp_path / "docs/index.md").read_text() == wanted.replace(f"{indent}\n", "\n")
    assert project.check().faults == []


def drawing(code, *roots):
    """The SVG of a snippet's graph."""
    space = {}
    exec(code, space)
    below = Subgraph.below(walk(space, ast.parse(code)), roots)
    return below, ElementTree.fromstring(draw.svg(below, "here", 'It "falls" & <stays>'))


@pytest.mark.parametrize("code", [TOY, CUT])
def test_the_drawing_has_each_node_and_edge(code):
    """As many as the graph; a missing edge is marked by more than its color."""
    below, svg = drawing(code, "d")
    classes = [part.get("class", "").split() for part in svg.iter("g")]
    assert sum("node" in names for names in classes) == len(below.reached)
    edges = sum(len(below.ends(number)) for number in below.reached)
    assert sum("edge" in names for names in classes) == edges
    missing = [part for part in svg.iter("g") if "missing" in part.get("class", "")]
    assert len(missing) == (2 if code == CUT else 0)
    assert all("".join(part.itertext()).strip() == draw.CROSS for part in missing)


def test_the_drawing_is_named_and_takes_its_style_from_the_page():
    """Its title is what it shows, its description the graph in words; no color is its own."""
    below, svg = drawing(CUT, "d")
    assert svg.get("role") == "img"
    named = {part.get("id"): part.text for part in svg if part.get("id")}
    assert named[svg.get("aria-labelledby")] == 'It "falls" & <stays>'
    words = named[svg.get("aria-describedby")]
    assert words == below.words()
    assert "[dc_da] = 4 is a constant: no edge leads to a or c." in words
    text = ElementTree.tostring(svg, "unicode")
    assert not any(word in text for word in ("fill", "stroke", "black", "font", "width="))
    assert [p for p in svg.iter() if p.get("id")] == [p for p in svg if p.get("id")]


def test_names_are_drawn_as_they_are():
    """Quotes, backslashes and what would be markup included."""
    code = HEAD + "d = {'<a>\\\\n\"&': x * x}\n"
    _, svg = drawing(code, "d['<a>\\\\n\"&']")
    assert "d['<a>\\\\n\"&'] = [2]" in ["".join(t.itertext()) for t in svg.iter("text")]


def test_without_graphviz_it_says_what_to_install(monkeypatch):
    """One line."""
    draw._placed.cache_clear()
    monkeypatch.setattr("shutil.which", lambda *_, **__: None)
    with pytest.raises(FileNotFoundError, match="pip install graphviz-pure"):
        drawing(TOY, "d")


def test_a_graph_comes_from_the_cache(build):
    """A snippet with a graph does not run again, and its graph is the same."""
    first = build({"snippets/x.py": TOY, "docs/index.md": PAGE}).check()
    second = build({"snippets/x.py": TOY, "docs/index.md": PAGE}).check()
    assert ": 0 run, 1 from cache" in second.closing_line()
    assert second.verdicts["x.py"].outcome.graph == first.verdicts["x.py"].outcome.graph != "[]"
    assert second.faults == []
