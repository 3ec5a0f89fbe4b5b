"""Oracles for docs/pitfalls/all-gather.md: one process, and differences of values alone."""

import subprocess
import sys

import numpy as np
import pytest
import torch

FOLDER = "pitfalls/all_gather/"


@pytest.fixture(scope="module")
def whole():
    """The first weight, the bias and both halves of the data, as every rank draws them."""
    torch.manual_seed(0)
    layer = torch.nn.Linear(2, 3).double().requires_grad_(False)
    x, y = torch.randn(2, 8, 2).double().numpy()
    return layer.weight.numpy().copy(), layer.bias.numpy().copy(), x, y


def loss(weight, bias, x, y):
    """The contrastive loss of the whole batch."""
    f, h = (np.tanh(z @ weight.T + bias) for z in (x, y))
    logits = f @ h.T
    return (np.log(np.exp(logits).sum(1)) - np.diag(logits)).mean()


def slopes(function, at, step):
    """Central differences of a function of an array, by each entry."""
    found = np.zeros_like(at)
    for index in np.ndindex(*at.shape):
        move = np.zeros_like(at)
        move[index] = step
        found[index] = (function(at + move) - function(at - move)) / (2 * step)
    return found


def test_contrastive(values, whole):
    """The gradient of the whole batch, which constants from other ranks do not give."""
    weight, bias, x, y = whole
    true = np.linalg.norm(slopes(lambda w: loss(w, bias, x, y), weight, 1e-5))
    assert values(FOLDER + "contrastive_right.py")["norms"] == pytest.approx([true] * 2, abs=6e-5)
    assert values(FOLDER + "contrastive.py")["norms"] != pytest.approx([true] * 2, rel=1e-2)


def test_penalty(values, whole):
    """Loss and penalty of the whole batch, whose slope is not the sum over ranks."""
    weight, bias, x, y = whole

    def total(w, factor=1):
        slope = slopes(lambda x: loss(w, bias, x, y), x, 1e-5)
        return loss(w, bias, x, y) + ((8 * factor * slope) ** 2).sum(1).mean()

    for file, factor in (("penalty_right.py", 1), ("penalty.py", 2)):
        true = np.linalg.norm(slopes(lambda w, f=factor: total(w, f), weight, 1e-4))
        assert values(FOLDER + file)["norms"] == pytest.approx([true] * 2, rel=2e-4)


def test_ways(report):
    """A recorded sum is undone by DDP's mean, and by nothing in autograd.grad."""
    text = report.verdicts[FOLDER + "ways.py"].snippet.text
    lines = [line[3:] for line in text.splitlines() if line.startswith("#> ")]
    stated = dict(line.split(": ") for line in lines)
    for rows in ("its own rows", "all rows"):
        assert stated[f"recorded, {rows}, backward"] == "1.0 times, 1.0 times"
        assert stated[f"recorded, {rows}, autograd.grad"] == "2.0 times, 2.0 times"
    assert stated["constant, its own rows, backward"] == "another, another"
    assert stated["constant, all rows, backward"] == "0.5 times, 0.5 times"


#: What one rank finds, in a process of its own: the group's threads outlive no fork.
ALONE = """
import sys
import torch
import torch.distributed as dist
from torch.distributed._functional_collectives import all_gather_single

dist.init_process_group("gloo", store=dist.FileStore(sys.argv[1], 1), rank=0, world_size=1)
cube = lambda x: (all_gather_single(x, 0, dist.group.WORLD) ** 3).sum()
for dtype in (torch.float32, torch.float16, torch.bfloat16):
    x = torch.tensor([2.0], dtype=dtype, requires_grad=True)
    (slope,) = torch.autograd.grad(cube(x), x, create_graph=True)
    print(torch.autograd.grad(slope, x)[0].item())
try:
    torch.func.grad(cube)(torch.ones(2))
except RuntimeError as error:
    print(error)
dist.destroy_process_group()
"""


def test_torch_func_refuses_the_collective(tmp_path):
    """While autograd differentiates it twice, here on one rank, in half precision too."""
    command = [sys.executable, "-c", ALONE, str(tmp_path / "store")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=200)
    *slopes, said = done.stdout.split("\n", 3)
    assert slopes == ["12.0"] * 3
    assert "must override the setup_context staticmethod" in said
