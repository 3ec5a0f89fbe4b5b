"""Oracles for docs/pitfalls/sharded.md: gradient descent in closed form, never autograd."""

import pytest
import torch

FOLDER = "pitfalls/sharded/"


def penalty(w, x):
    """The square of y_x = 3 x^2 (w^3 + w^3) for two equal weights."""
    return (6 * w**3 * x**2) ** 2


def third_penalty():
    """Two steps on the mean of both ranks' gradients; by one weight it is 108 w^5 x^4."""
    w = 1.0
    for _ in range(2):
        w -= 1e-4 * sum(108 * w**5 * x**4 for x in (1, 2)) / 2
    return [penalty(w, x) for x in (1, 2)]


@pytest.mark.parametrize("name", ["right.py", "resharded.py"])
def test_training(values, name):
    """The penalties of the third step are those of a run in one process."""
    result = values(FOLDER + name)
    assert [result["penalty"], result["other"]] == pytest.approx(third_penalty(), rel=1e-5)


def test_stale_weights(values):
    """The forward pass never leaves the first weights."""
    result = values(FOLDER + "kept.py")
    assert [result["penalty"], result["other"]] == [penalty(1, 1), penalty(1, 2)]
    assert result["penalty"] != pytest.approx(third_penalty()[0], rel=0.1)


def test_closed_form_gradient():
    """The derivative by one of the two weights agrees with a finite difference."""
    h, x = 1e-5, 2

    def by_first(w):
        return (3 * x**2 * (w**3 + 1)) ** 2

    assert (by_first(1 + h) - by_first(1 - h)) / (2 * h) == pytest.approx(108 * x**4, rel=1e-8)


def test_network(values, report):
    """The losses of three steps are those of one process, in whose formulas no autograd is."""
    torch.manual_seed(0)
    layers = torch.nn.Linear(2, 8), torch.nn.Linear(8, 1)
    weights = [p.detach().double() for layer in layers for p in layer.parameters()]
    torch.manual_seed(1)
    x, y = torch.randn(2, 4, 2).double(), torch.randn(2, 4, 1).double()

    def loss(w1, b1, w2, b2):
        h = torch.tanh(x @ w1.T + b1)
        slope = ((1 - h**2) * w2[0]) @ w1
        return (((h @ w2.T + b2 - y) ** 2).mean() + (slope**2).mean()).item()

    true = []
    for _ in range(3):
        true.append(loss(*weights))
        steps = []
        for number, weight in enumerate(weights):
            steps.append(torch.zeros_like(weight))
            for index in range(weight.numel()):
                move = torch.zeros_like(weight)
                move.view(-1)[index] = 1e-5
                ends = (
                    loss(*weights[:number], weight + s * move, *weights[number + 1 :])
                    for s in (1, -1)
                )
                steps[-1].view(-1)[index] = (next(ends) - next(ends)) / 2e-5
        weights = [w - 0.1 * g for w, g in zip(weights, steps, strict=True)]
    assert values(FOLDER + "mlp.py")["losses"] == pytest.approx(true, rel=1e-5)
    rounded = str([round(one, 4) for one in true])
    lines = report.verdicts[FOLDER + "inside.py"].snippet.text.splitlines()
    said = [line[26:] for line in lines if line.startswith("#> ")]
    assert said == [rounded] * 3 + [str([round(true[0], 4)] * 3)]
