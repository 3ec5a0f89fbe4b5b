"""Oracles for docs/pitfalls/distributed-data-parallel.md: SymPy per rank, then the mean."""

import pytest
import sympy

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
