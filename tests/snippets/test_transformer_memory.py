"""Oracles for docs/pitfalls/transformer-memory.md: what a graph keeps, counted by its formulas."""

FOLDER = "pitfalls/transformer_memory/"


def test_what_is_kept(values):
    """The formula saves its softmax; differentiated, also the gradient of it and their product."""
    found = values(FOLDER + "kept.py")
    assert (found["fused"], found["math"], found["twice"]) == (0, 1, 3)
    assert (found["loss"], found["loss_twice"]) == (1, 3)
    assert (found["chunks"], found["chunks_twice"]) == (0, 3)


def test_levers(values):
    """Parts and fewer tokens lower the peak of the penalty, checkpointed layers do not."""
    found = values(FOLDER + "levers.py")
    # A matrix of weights of a layer, in MiB: 8 samples, 4 heads, 96 tokens.
    weights = 8 * 4 * 96**2 * 4 / 2**20
    # One for each of four layers, and what the formula needs for a moment.
    assert 4 < (found["score_peak"] - found["fused_peak"]) / weights < 6
    assert found["penalty_peak"] > 4 * 3 * weights
    assert found["layers_peak"] > 0.9 * found["penalty_peak"]
    assert max(found[f"{name}_peak"] for name in ("tokens", "quarter", "parts")) < (
        found["penalty_peak"] / 2
    )


def test_parts(values):
    """The gradient that was added up is that of the loss as a whole."""
    assert values(FOLDER + "parts.py")["same"] == [True] * 14
