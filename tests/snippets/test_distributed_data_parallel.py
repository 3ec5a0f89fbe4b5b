"""Oracles for docs/pitfalls/distributed-data-parallel.md: SymPy per rank, then the mean."""

import json

import numpy as np
import pytest
import sympy
import torch

FOLDER = "pitfalls/distributed_data_parallel/"
W, B, X = sympy.symbols("w b x")
Y = W * X**3 + B
LOSS, PENALTY = Y**2, sympy.diff(Y, X) ** 2


def per_rank(expression):
    """The derivative with respect to w at w = 1 and b = 0, for the data of rank 0 and rank 1."""
    slope = sympy.diff(expression, W)
    return [float(slope.subs({W: 1, B: 0, X: x})) for x in (1, 2)]


def mean(expression):
    return [sum(per_rank(expression)) / 2] * 2


def printed(report, name):
    """What a snippet states that it prints: label -> the numbers behind it."""
    lines = report.verdicts[FOLDER + name].snippet.text.splitlines()
    return [line[3:] for line in lines if line.startswith("#> ")]


def test_ways(report):
    """The mean over both ranks, each rank's own, or the mean of one term and the other's own."""
    total, own = mean(LOSS + PENALTY), per_rank(LOSS + PENALTY)
    mixed = [a + b for a, b in zip(mean(LOSS), per_rank(PENALTY), strict=True)]
    found = {}
    for line in printed(report, "ways.py"):
        name, first, other = line.rsplit(maxsplit=2)
        found[name] = [float(first), float(other)]
    assert found == {
        "together": total,
        "one_after_the_other": mixed,
        "penalty_unsynchronized_first": total,
        "no_sync_around_backward_only": mixed,
        "past_the_wrapper": own,
        "wrapper_not_kept": own,
        "outer_autograd_grad": own,
        "outer_autograd_grad_reduced": total,
        "together, static_graph=True": own,
    }
    assert total != own != mixed


def test_penalty_alone(values):
    """Without the last bias nothing is averaged; with it, the mean is."""
    assert values(FOLDER + "connected.py")["dP_dw"] == mean(PENALTY)
    assert values(FOLDER + "penalty_only.py")["dP_dw"] == per_rank(PENALTY) != mean(PENALTY)


def test_critic(values):
    """One backward pass leaves equal weights on both ranks, two do not."""
    assert values(FOLDER + "critic.py")["equal"] is False
    assert values(FOLDER + "critic_right.py")["equal"] is True


def test_penalty_on_the_averaged_gradient(values):
    """The square of the mean gradient, against the mean of the squares."""
    gradients = [sympy.diff(LOSS, W).subs({B: 0, X: x}) for x in (1, 2)]
    of_mean = sympy.diff((sum(gradients) / 2) ** 2, W).subs(W, 1)
    mean_of = sympy.diff(sum(g**2 for g in gradients) / 2, W).subs(W, 1)
    assert values(FOLDER + "reduced_right.py")["dP_dw"] == [float(of_mean)] * 2
    assert values(FOLDER + "reduced.py")["dP_dw"] == [float(mean_of)] * 2
    assert of_mean != mean_of


def test_inside_the_wrapper(report):
    """A penalty or an inner step in forward is averaged, in every step."""
    fast_w, fast_b = (one - sympy.Rational(1, 100) * sympy.diff(LOSS, one) for one in (W, B))
    outer = (fast_w * X**3 + fast_b) ** 2
    lines = printed(report, "inside.py")
    assert lines[0].split(maxsplit=2)[2] == "{0} {0}".format([mean(PENALTY)[0]] * 2)
    assert "Expected to have finished" in lines[1]
    assert lines[2].split(maxsplit=2)[2] == "{0} {0}".format([round(mean(outer)[0], 4)] * 2)
    first, other = (round(one, 4) for one in per_rank(outer))
    assert lines[3].split(maxsplit=3)[3] == f"{[first] * 2} {[other] * 2}"


@pytest.mark.parametrize("name", ["next_step.py", "ready_twice.py"])
def test_errors(values, name):
    """Both errors are PyTorch's own."""
    assert values(FOLDER + name)["error"].startswith("RuntimeError: Expected to ")


def test_graph_in_the_gradient(values):
    """DDP changes gradients in place, which a gradient with a history refuses."""
    assert "leaf Variable" in values(FOLDER + "create_graph.py")["error"]


def test_forces(report):
    """Energies and forces of both ranks, each component of a force once, by differences."""
    line = printed(report, "forces.py")[0]
    stated = json.loads(line.partition(": ")[2])
    torch.manual_seed(0)
    layers = torch.nn.Linear(2, 8).double(), torch.nn.Linear(8, 2).double()
    weights = [p.detach().numpy().copy() for layer in layers for p in layer.parameters()]
    molecules = []
    for rank in range(2):
        torch.manual_seed(1 + rank)
        molecules.append(torch.randn(2, 3 + rank, 3).double().numpy())

    def energy(positions):
        i, j = np.triu_indices(len(positions), 1)
        distance = np.linalg.norm(positions[i] - positions[j], axis=1, keepdims=True)
        features = np.concatenate([distance, 1 / distance], 1)
        gate = features @ weights[0].T + weights[1]
        return (gate / (1 + np.exp(-gate)) @ weights[2].T + weights[3]).sum()

    def loss():
        total = 0
        for positions, forces in molecules:
            pull = -slopes(energy, positions, 1e-5)
            total += (energy(positions) - 1) ** 2 / 2 + ((pull - forces) ** 2).sum() / 21
        return total

    found = []
    for weight in weights:
        for index in np.ndindex(*weight.shape):
            before, ends = weight[index], []
            for sign in (1, -1):
                weight[index] = before + sign * 1e-4
                ends.append(loss())
            weight[index] = before
            found.append((ends[0] - ends[1]) / 2e-4)
    assert stated == pytest.approx([np.linalg.norm(found)] * 2, rel=1e-5)


def slopes(function, at, step):
    """Central differences of a function of an array, by each entry."""
    found = np.zeros_like(at)
    for index in np.ndindex(*at.shape):
        move = np.zeros_like(at)
        move[index] = step
        found[index] = (function(at + move) - function(at - move)) / (2 * step)
    return found
