"""Drawings of graphs: what a label says is what the snippet calls it."""

from xml.etree import ElementTree

import pytest

from proofread.judge.bind import Seen
from proofread.show import draw
from proofread.show.kinds import Graph

CODE = """\
import torch

d = {"ns0:a": torch.tensor(1.0, requires_grad=True)}
y = 2 * d["ns0:a"]
"""
PAGE = """\
# Tiny

```python
--8<-- "x.py"
```

```graph x.py:y
From y to its input.

y = 2: MulBackward0(d['ns0:a'])
d['ns0:a'] = 1: AccumulateGrad
```
"""


@pytest.fixture
def drawn(build):
    """The drawing of that page's graph."""
    project = build({"snippets/x.py": CODE, "docs/index.md": PAGE})
    report = project.check()
    (page,) = report.pages.values()
    (piece,) = page.of(Graph)
    graph = Seen(page, report).graph(piece.name, piece.roots, piece.saved, piece.line)
    return draw.svg(graph, piece.anchor, piece.caption)


def test_a_label_is_the_snippets_own_name(drawn):
    """Whatever it is, even one that looks like a prefix of XML."""
    texts = [part.text for part in ElementTree.fromstring(drawn).iter("text")]
    assert "d['ns0:a'] = 1" in [text.replace("\xa0", " ") for text in texts]


def test_no_prefix_is_left_in_the_page(drawn):
    """HTML knows the elements of SVG by their bare names."""
    assert "<ns0:" not in drawn and "xmlns:" not in drawn
