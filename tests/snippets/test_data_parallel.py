"""Oracles for docs/pitfalls/data-parallel.md: a closed form of the penalty, by differences."""

import numpy as np
import pytest
import torch


def test_gradient_of_the_penalty(values):
    """For tanh(W z + b), the slope is W transposed times 1 - tanh squared."""
    found = values("pitfalls/data_parallel/inside.py")
    torch.manual_seed(0)
    module = torch.nn.Linear(3, 2)
    weight, bias = (p.detach().double().numpy() for p in (module.weight, module.bias))
    latents = np.tanh(torch.randn(4, 3).double().numpy())

    def penalty(weight):
        slope = (1 - np.tanh(latents @ weight.T + bias) ** 2) @ weight
        return (slope**2).sum(1).mean()

    true = np.zeros_like(weight)
    for index in np.ndindex(*weight.shape):
        move = np.zeros_like(weight)
        move[index] = 1e-5
        true[index] = (penalty(weight + move) - penalty(weight - move)) / 2e-5
    assert len(found["found"]) == 2
    for gradient in found["found"]:
        assert np.array(gradient) == pytest.approx(true, rel=1e-4, abs=1e-6)
