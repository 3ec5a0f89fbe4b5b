"""Oracles for surrogates of score functions: sums over all outcomes, by SymPy."""

import pytest
import sympy
import torch

FOLDER = "pitfalls/score_function/"
T = sympy.Symbol("t", real=True)
SLOPES, REWARDS = (1, 0, -1), (1, 3, 2)


def softmax(logits):
    total = sum(map(sympy.exp, logits))
    return [sympy.exp(one) / total for one in logits]


def derivatives(f, count, at=0.5):
    return [float(f.diff(T, k).subs(T, at)) for k in range(count + 1)]


def test_one_action(values):
    """The expected reward's derivatives; the surrogate keeps the mean of (log p)'' R alone."""
    p = softmax([T * s for s in SLOPES])
    _, first, second = derivatives(sum(a * r for a, r in zip(p, REWARDS, strict=True)), 2)
    right, wrong = values(FOLDER + "box.py"), values(FOLDER + "surrogate.py")
    assert right["second"] == pytest.approx(second, abs=1e-4)
    assert right["first"] == wrong["first"] == pytest.approx(first, rel=1e-5)
    kept = sum(
        float(a.subs(T, 0.5)) * derivatives(sympy.log(a), 2)[2] * r
        for a, r in zip(p, REWARDS, strict=True)
    )
    assert wrong["second"] == pytest.approx(kept, abs=1e-4)


def test_elbo(values):
    """The sum over three latent values; the wrong one has the right value and first derivative."""
    q = softmax([T * s for s in SLOPES])
    means = (0.2, 1, 2)
    elbo = sum(a * (sympy.log(a) + (T - m) ** 2 / 2) for a, m in zip(q, means, strict=True))
    loss, first, second = derivatives(elbo, 2)
    for name in ("elbo.py", "loss_plus.py"):
        found = values(FOLDER + name)
        assert [found["loss"], found["first"]] == pytest.approx([loss, first], rel=1e-4)
    assert values(FOLDER + "elbo.py")["second"] == pytest.approx(second, abs=2e-4)


def test_trajectories(values):
    """Value and three derivatives of the expected return, over all nine trajectories."""
    J = 0
    for a, p in enumerate(softmax([T * s for s in SLOPES])):
        later = softmax([T**2 * s * (a + 1) for s in SLOPES])
        J += p * sum(q * (a - 1 + (b - a) ** 2) for b, q in enumerate(later))
    for found in values(FOLDER + "dice.py")["found"]:
        assert found == pytest.approx(derivatives(J, 3), rel=1e-4)


def test_adapted(values):
    """The derivative of the adapted policy's reward, with the exact inner gradient."""
    J = sum(a * r for a, r in zip(softmax([T * s for s in SLOPES]), REWARDS, strict=True))
    adapted = J.subs(T, T + J.diff(T))
    right, wrong = (values(FOLDER + f"adapted{end}.py") for end in ("_right", ""))
    value, slope = derivatives(adapted, 1)
    assert right["J"] == wrong["J"] == pytest.approx(value, rel=1e-5)
    assert right["dJ_dtheta"] == pytest.approx(slope, abs=1e-4)


def test_ratio(values):
    """Derivatives of A log p and of A exp(log p - constant), with respect to log p."""
    assert values(FOLDER + "ratio.py")["rows"] == [
        pytest.approx([-1.4, 2, 0]),
        pytest.approx([2, 2, 2]),
    ]


def test_discount(report):
    """The slope with respect to the discount is that of differences of the whole step."""
    names = {}
    exec(report.verdicts[FOLDER + "gamma.py"].snippet.text, names)

    def outer(discount):
        inner = names["loss"](names["params"], torch.tensor(discount))
        grads = torch.autograd.grad(inner, names["params"].values())
        adapted = {k: p - 0.1 * g for (k, p), g in zip(names["params"].items(), grads, strict=True)}
        return names["loss"](adapted, torch.tensor(1.0)).item()

    slope = (outer(0.95) - outer(0.85)) / 0.1
    assert names["slope"].item() == pytest.approx(slope, rel=0.02)
