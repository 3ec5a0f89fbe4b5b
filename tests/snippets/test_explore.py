"""The losses that a reader steps through: their derivatives by hand, and what their graphs keep."""

import json
import math

import pytest

RECORDED = "learn/explore/recorded.py"


@pytest.fixture
def runs(values):
    return json.loads(values(RECORDED)["text"])


def test_the_toy_example_by_hand(values, runs):
    """b without the term that is lost, b (1 + 2b) with it; with a ReLU there is no such term."""
    a, b = 1, 2
    assert values(RECORDED)["silent"] == b
    assert values(RECORDED)["derivative"] == b * (1 + 2 * b)
    assert [lines[2][1] for lines in runs["detached"]] == [(a + 2 * a * b) * b] * 2
    assert [lines[3][1] for lines in runs["detached"]] == [b, b]
    assert [lines[3][1] for lines in runs["rectified"]] == [b, b]
    assert [lines[2][1] for lines in runs["rectified"]] == [(a + b) * b] * 2


def test_the_norm_by_hand(runs):
    """The gradient g = 1 - tanh² of a loss, and H g / |g| of its norm, where H = -2 g tanh."""
    t = [math.tanh(1), math.tanh(2)]
    g = [1 - x * x for x in t]
    norm = [-2 * x * y * y / math.hypot(*g) for x, y in zip(t, g, strict=True)]
    assert runs["alone"][1][3][1] == pytest.approx(norm, rel=1e-5)
    both = [x + y for x, y in zip(g, norm, strict=True)]
    assert runs["added"][1][3][1] == pytest.approx(both, rel=1e-5)


def test_what_raises_says_why(runs):
    """A graph that was freed, and a constant."""
    assert "backward through the graph a second time" in runs["added"][0][3][1]
    assert "does not require grad" in runs["alone"][0][3][1]


def test_what_the_graphs_keep(values, runs):
    """Counted by hand: b without the pass; a, b and the gradient of the power with it."""
    assert values(RECORDED)["toy_off"] == len(["b"])
    assert values(RECORDED)["toy_on"] == len(["a", "b", "gradient of the power"])
    # In bytes: tanh w and g have two numbers; the ones are one in memory, and so is the norm.
    for name in ("added", "alone"):
        assert runs[name][1][2][3:] == [4, 4 * (2 + 2 + 1 + 1)]
    # b, and the result of the ReLU, which two nodes keep.
    assert runs["rectified"][1][2][3:] == [2, 4 * 2]
    assert [name for name, *_ in runs["added"][1][1][2]] == [
        "TanhBackward0",
        "SumBackward0",
        "TanhBackwardBackward0",
    ]
