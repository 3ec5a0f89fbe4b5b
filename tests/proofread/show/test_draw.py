"""Drawings of graphs: what a label says is what the snippet calls it."""

from xml.etree import ElementTree

import pytest

from proofread.judge.bind import Seen
from proofread.show import draw
from proofread.show.kinds import Graph

CODE = """\
import torch

d = {"KEY": torch.tensor(1.0, requires_grad=True)}
y = 2 * d["KEY"]
"""
PAGE = """\
# Tiny

```python
--8<-- "x.py"
```

```graph x.py:y
From y to its input.

y = 2: MulBackward0(d['KEY'])
d['KEY'] = 1: AccumulateGrad
```
"""


@pytest.fixture(params=["ns0:a", "&lt;b&gt;"])
def key(request):
    """A part of a variable's name that looks like a part of XML."""
    return request.param


@pytest.fixture
def drawn(build, key):
    """The drawing of that page's graph."""
    texts = (text.replace("KEY", key) for text in (CODE, PAGE))
    project = build(dict(zip(("snippets/x.py", "docs/index.md"), texts, strict=True)))
    report = project.check()
    (page,) = report.pages.values()
    (piece,) = page.of(Graph)
    graph = Seen(page, report).graph(piece.name, piece.roots, piece.saved, piece.line)
    return draw.svg(graph, piece.anchor, piece.caption)


def test_a_label_is_the_snippets_own_name(drawn, key):
    """Whatever it is, even one that looks like a prefix, or a sign, of XML."""
    texts = [part.text for part in ElementTree.fromstring(drawn).iter("text")]
    assert f"d['{key}'] = 1" in [text.replace("\xa0", " ") for text in texts]


def test_no_prefix_is_left_in_the_page(drawn):
    """HTML knows the elements of SVG by their bare names."""
    assert "<ns0:" not in drawn and "xmlns:" not in drawn
