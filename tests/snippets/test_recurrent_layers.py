"""Oracles for recurrent layers: their penalties from differences of values alone."""

import json
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


def squares(p, x):
    """The sum of squares of an LSTM's states for each sample of x: time, sample, feature."""
    h = c = np.zeros((x.shape[1], 3))
    total = 0
    for now in x:
        gates = now @ p["weight_ih_l0"].T + p["bias_ih_l0"]
        gates = gates + h @ p["weight_hh_l0"].T + p["bias_hh_l0"]
        i, f, g, o = np.split(gates, 4, axis=1)
        i, f, o = (1 / (1 + np.exp(-gate)) for gate in (i, f, o))
        c = f * c + i * np.tanh(g)
        h = o * np.tanh(c)
        total = total + (h**2).sum(1)
    return total


def penalties(p, x):
    """The square of the slope of those sums, for each sample, by central differences."""
    moves = 1e-4 * np.eye(10).reshape(10, 5, 1, 2)
    ends = [squares(p, np.concatenate([*(x + sign * moves)], 1)) for sign in (1, -1)]
    return (((ends[0] - ends[1]) / 2e-4).reshape(10, -1) ** 2).sum(0)


def weights():
    """Those of the snippets' layer, in float64."""
    torch.manual_seed(0)
    state = torch.nn.LSTM(2, 3).double().state_dict()
    return {name: value.numpy() for name, value in state.items()}


def lengths(function, p, step):
    """How long the derivative with respect to the recurrent weights is, for each output."""
    found, w = [], p["weight_hh_l0"]
    for index in np.ndindex(*w.shape):
        move = np.zeros_like(w)
        move[index] = step
        ends = (function(p | {"weight_hh_l0": w + sign * move}) for sign in (1, -1))
        found.append(np.subtract(*ends) / (2 * step))
    return np.linalg.norm(found, axis=0)


def stated(report, name):
    """The list that a snippet states that it prints."""
    text = report.verdicts[f"pitfalls/recurrent_layers/{name}"].snippet.text
    return json.loads(re.search(r"^#> (\[.*\])$", text, re.M)[1])


def test_written(report):
    """The gradient of each penalty, by differences of differences of a layer in NumPy."""
    x, p = np.linspace(-1, 1, 40).reshape(5, 4, 2), weights()
    true = lengths(lambda p: penalties(p, x), p, 1e-3).tolist()
    for factor in (1, 2):
        member = {name: factor * value for name, value in p.items()}
        true.append(lengths(lambda p: penalties(p, x).sum(), member, 1e-3))
    assert stated(report, "written.py") == pytest.approx(true, rel=1e-3)


def test_adapted(values):
    """The derivative through one inner step, by differences with an inner step of differences."""
    x, p = np.linspace(-1, 1, 20).reshape(5, 2, 2), weights()

    def outer(p):
        fast = {}
        for name, value in p.items():
            slope = slopes(lambda w, n=name: squares(p | {n: w}, x).sum(), value, 1e-5)
            fast[name] = value - 0.5 * slope
        return squares(fast, x).sum()

    found = values("pitfalls/recurrent_layers/adapted.py")["dL_dw"]
    assert np.linalg.norm(found) == pytest.approx(lengths(outer, p, 1e-4), rel=1e-4)
