"""Oracles for recurrent layers: their penalties from differences of values alone."""

import re

import numpy as np
import pytest
import torch


def slopes(function, at, step):
    """Central differences of a function of an array, by each entry."""
    found = np.zeros_like(at)
    for index in np.ndindex(*at.shape):
        move = np.zeros_like(at)
        move[index] = step
        found[index] = (function(at + move) - function(at - move)) / (2 * step)
    return found


def test_each_layer_on_the_cpu(report):
    """The gradient of the penalty by the first weight, as stated in both precisions."""
    text = report.verdicts["pitfalls/recurrent_layers/cpu.py"].snippet.text
    stated = re.findall(r"^#> (\w+) torch\.(\w+) ([\d.]+)$", text, re.M)
    assert len(stated) == 6
    x = np.linspace(-1, 1, 10).reshape(5, 1, 2)
    for name in ("RNN", "GRU", "LSTM"):
        torch.manual_seed(0)
        layer = getattr(torch.nn, name)(2, 3).double().requires_grad_(False)
        weight = layer.weight_ih_l0.numpy()
        start = weight.copy()

        def penalty(w, layer=layer, weight=weight):
            weight[...] = w

            def loss(x):
                return float(layer(torch.from_numpy(x))[0].pow(2).sum())

            return (slopes(loss, x, 1e-5) ** 2).sum()

        true = np.linalg.norm(slopes(penalty, start, 1e-3))
        found = [float(value) for kind, _, value in stated if kind == name]
        assert found == pytest.approx([true] * 2, rel=2e-3), name


def test_rules(report):
    """PyTorch's own layers change to a differentiable way; those of three devices do not."""
    text = report.verdicts["pitfalls/recurrent_layers/which.py"].snippet.text
    stated = dict(re.findall(r"^#> ([^:]+): (.*)$", text, re.M))
    assert "not_implemented" in stated["cuDNN, backward"]
    assert stated["MIOpen, backward"] == stated["MPS, backward"] == "no formula"
    assert stated["fused cell"].endswith("_thnn_differentiable_lstm_cell_backward")
    assert stated["oneDNN on the CPU"].endswith("mkldnn_rnn_layer_differentiable_backward")


def test_critics_learn(values):
    """With the kernels that have a second derivative, both critics can be trained."""
    for name in ("recurrent_layers", "attention"):
        losses = values(f"pitfalls/{name}/critic_right.py")["losses"]
        assert losses[-1] < losses[0], name
