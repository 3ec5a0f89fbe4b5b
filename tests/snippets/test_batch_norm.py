"""Oracles for docs/pitfalls/batch-norm.md: finite differences in NumPy, never autograd."""

import numpy as np
import pytest
import torch

FOLDER = "pitfalls/batch_norm/"
X = np.array([1.0, 2.0, 4.0])
EPS = 1e-5  # the default of BatchNorm1d


def train(x, w=1.0, last=np.tanh):
    """The critic with the statistics of the batch."""
    return last(w * (x - x.mean()) / np.sqrt(x.var() + EPS))


def frozen(x, w=1.0):
    """The critic with running statistics, whose variance is the unbiased one."""
    return np.tanh(w * (x - X.mean()) / np.sqrt(X.var(ddof=1) + EPS))


def jacobian(function, step=1e-4):
    """Column j holds the influence of sample j on each output."""
    moves = step * np.eye(3)
    return np.stack([(function(X + m) - function(X - m)) / (2 * step) for m in moves], axis=1)


def gradient(name, w=1.0):
    """The three definitions of g."""
    if name == "summed":
        return jacobian(lambda x: train(x, w)).sum(axis=0)
    return np.diag(jacobian(lambda x: (train if name == "own" else frozen)(x, w)))


@pytest.mark.parametrize("name", ["summed", "own", "evaluation"])
def test_penalties(values, name):
    """Each snippet computes its own definition of g, P and dP/dw."""

    def P(w):
        return np.mean((np.abs(gradient(name, w)) - 1) ** 2)

    found = values(FOLDER + name + ".py")
    assert found["g"] == pytest.approx(gradient(name), abs=1e-5)
    assert found["P"] == pytest.approx(P(1.0), rel=1e-5)
    assert found["dP_dw"] == pytest.approx((P(1.001) - P(0.999)) / 0.002, abs=1e-5)


def test_the_sum_is_not_per_sample(values):
    """The sum gives neither the own row nor the gradient at fixed statistics."""
    found = values(FOLDER + "summed.py")["g"]
    for name in ("own", "evaluation"):
        assert np.abs(np.array(found) - gradient(name)).min() > 0.1


def test_influence(values):
    """The matrix is full in train mode and diagonal in eval mode."""
    found = values(FOLDER + "matrix.py")
    assert np.array(found["train"]) == pytest.approx(jacobian(train), abs=0.006)
    assert np.array(found["evaluation"]) == pytest.approx(jacobian(frozen), abs=0.006)


def test_last_place(values):
    """Normalized values add up to zero, so the gradient of the sum vanishes."""
    matrix = jacobian(lambda x: train(x, last=lambda y: y))
    assert np.abs(matrix.sum(axis=0)).max() < 1e-10
    found = values(FOLDER + "last.py")
    assert found["vanished"] is True
    assert found["own"] == pytest.approx(np.diag(matrix), abs=1e-5)
    assert found["P"] == pytest.approx(1, abs=1e-5)


def test_layer_norm(values):
    """Within a sample nothing depends on the others."""
    assert values(FOLDER + "layer_norm.py")["same"] is True


def test_running_mean(values):
    """With momentum 0.1, the running mean is 0.5 after 5, and -0.05 after -5 on top."""
    found = values(FOLDER + "side_effect.py")
    first = 0.1 * 5
    assert found["before"] == pytest.approx(first)
    assert found["after"] == pytest.approx(0.9 * first + 0.1 * -5)


def test_neighbor(values):
    """The first sample's gradient while the third moves: constant at fixed statistics only."""
    found, moved = values(FOLDER + "neighbor.py"), np.linspace(-8, 8, 81)
    assert found["moved"] == pytest.approx(moved, abs=1e-14)

    def matrix(third, step=1e-5):
        x = np.array([1.0, 2.0, third])
        move = np.array([step, 0, 0])
        return (train(x + move) - train(x - move)) / (2 * step)

    columns = [matrix(third) for third in moved]
    assert found["summed"] == pytest.approx([column.sum() for column in columns], abs=1e-6)
    assert found["own"] == pytest.approx([column[0] for column in columns], abs=1e-6)
    assert found["evaluation"] == pytest.approx([gradient("evaluation")[0]] * 81, abs=1e-6)
    assert found["constant"] == max(found["evaluation"])
    assert (found["low"], found["high"]) == (min(found["summed"]), max(found["summed"]))


def test_critics(values):
    """Another first image moves the gradients of the others through batch norm only."""
    assert values(FOLDER + "critic.py")["unmoved"] is False
    assert values(FOLDER + "critic_right.py")["unmoved"] is True


def test_under_vmap(values):
    """Eval mode and a batch dimension are what vmap needs; the rest raises."""
    assert values(FOLDER + "vmap_eval.py")["g"]
    assert "mutate a captured" in values(FOLDER + "vmap.py")["error"]
    assert "more than 1 value per channel" in values(FOLDER + "replaced.py")["error"]
    assert "expected 4D input" in values(FOLDER + "no_batch.py")["error"]


def normalized(x, axes, eps=EPS):
    """``x`` with the mean over some axes removed, divided by the deviation."""
    return (x - x.mean(axes, keepdims=True)) / np.sqrt(x.var(axes, keepdims=True) + eps)


def test_last_layers(values):
    """Differences of the sum vanish where equal weights meet what was normalized together."""
    torch.manual_seed(0)
    features = torch.randn(6, 12, dtype=torch.float64).numpy()
    images = torch.randn(6, 3, 2, 2, dtype=torch.float64).numpy()
    weight = torch.nn.Linear(12, 1).weight.detach().double().numpy()[0]
    equal = np.full(12, 1 / 12)
    pairs = [(features, 0, weight), (images, (0, 2, 3), weight), (images, (2, 3), weight)]
    pairs += [(images, (2, 3), equal), (features, 1, weight), (features, 1, equal)]

    def slope(x, axes, w):
        move = np.zeros_like(x)
        move.flat[0] = 1e-6
        ends = [(normalized(x + s * move, axes).reshape(6, 12) @ w).sum() for s in (1, -1)]
        return (ends[0] - ends[1]) / 2e-6

    expected = [abs(slope(*pair)) < 1e-7 for pair in pairs]
    assert values(FOLDER + "last_layers.py")["vanishes"] == expected
    assert expected == [True, False, False, True, False, True]


def test_copies_of_the_buffers(values):
    """The gradient through batch norm in train mode, by differences of the closed form."""
    torch.manual_seed(0)
    first, last = torch.nn.Linear(4, 8), torch.nn.Linear(8, 1)
    a, b, c, d = (p.detach().double().numpy() for p in (*first.parameters(), *last.parameters()))
    x = torch.randn(16, 4).double().numpy()

    def loss(a):
        return np.mean((normalized(x @ a.T + b, 0) @ c.T + d) ** 2)

    true = np.zeros_like(a)
    for index in np.ndindex(a.shape):
        move = np.zeros_like(a)
        move[index] = 1e-6
        true[index] = (loss(a + move) - loss(a - move)) / 2e-6
    found = values(FOLDER + "buffers.py")
    assert found["agrees"] is True
    assert np.array(found["by_func"]) == pytest.approx(true, abs=1e-5)
