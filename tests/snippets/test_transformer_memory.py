"""Oracles for docs/pitfalls/transformer-memory.md: what a graph keeps, counted by its formulas."""

import pytest
import torch
from torch.nn.attention import SDPBackend, sdpa_kernel

FOLDER = "pitfalls/transformer_memory/"


def test_what_is_kept(values):
    """The formula saves its softmax; differentiated, also the gradient of it and their product."""
    found = values(FOLDER + "kept.py")
    assert (found["fused"], found["math"], found["twice"]) == (0, 1, 3)
    # Dropout adds its mask and the weights that are left.
    assert found["dropped"] == found["twice"] + 2
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
    found = values(FOLDER + "parts.py")
    assert found["same"] == [True] * 14
    assert found["norm"] == pytest.approx(values(FOLDER + "whole.py")["norm"], rel=1e-5)


def test_which_pass_reaches_every_parameter(report):
    """Under DDP the last pass must have every gradient, as the plain score has."""
    text = report.verdicts[FOLDER + "parts.py"].snippet.text
    last = "(critic(fake) - critic(real)).mean().backward()"
    assert text.index("(5 * penalty).backward()") < text.index(last)
    critic = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.Tanh(), torch.nn.Linear(3, 1))
    x = torch.randn(4, 2, requires_grad=True)
    (slope,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    slope.square().sum().backward()
    assert [p.grad is None for p in critic.parameters()] == [False, False, False, True]
    (critic(x) - critic(-x)).mean().backward()
    assert all(p.grad is not None for p in critic.parameters())


def test_numbers_of_half_the_size_are_kept_in_float32():
    """The formula computes bfloat16 in float32, unless it is told not to."""
    q = torch.randn(1, 1, 8, 4, dtype=torch.bfloat16, requires_grad=True)
    cuda = torch.backends.cuda

    def types():
        found = set()

        def note(tensor):
            if tensor.numel() == 64:
                found.add(tensor.dtype)
            return tensor

        hooks = torch.autograd.graph.saved_tensors_hooks(note, lambda tensor: tensor)
        with hooks, sdpa_kernel(SDPBackend.MATH):
            torch.nn.functional.scaled_dot_product_attention(q, q, q)
        return found

    before = cuda.fp16_bf16_reduction_math_sdp_allowed()
    assert types() == {torch.float32}
    cuda.allow_fp16_bf16_reduction_math_sdp(True)
    try:
        assert types() == {torch.bfloat16}
    finally:
        cuda.allow_fp16_bf16_reduction_math_sdp(before)
