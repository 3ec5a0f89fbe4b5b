"""Oracles for surrogates of score functions: sums over all outcomes, by SymPy."""

import pytest
import sympy
import torch
from torch import distributions

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


def test_shapes_of_a_trajectory(component):
    """A reward for each trajectory would be broadcast to each time."""
    dice = component(FOLDER + "dice.py", "dice", Tensor=torch.Tensor)["dice"]
    logp = torch.zeros(3, 3)
    for wrong in ((torch.ones(3, 1),), (torch.ones(3),), (logp, torch.ones(3, 1))):
        with pytest.raises(ValueError, match="beside logp"):
            dice(logp, *wrong)


def test_a_baseline_that_knows_the_reward(component):
    """It leaves no gradient: what counts is the reward minus the baseline."""
    dice = component(FOLDER + "dice.py", "dice", Tensor=torch.Tensor)["dice"]
    logp = torch.randn(5, 1, requires_grad=True)
    rewards = torch.randn(5, 1)
    (slope,) = torch.autograd.grad(dice(logp, rewards, rewards).sum(), logp)
    assert torch.allclose(slope, torch.zeros(5, 1), atol=1e-6)
    (slope,) = torch.autograd.grad(dice(logp, rewards, rewards - 2).sum(), logp)
    assert torch.allclose(slope, torch.full((5, 1), 2.0))


def test_two_agents(component):
    """With the sum of both log-probabilities, mixed derivatives of the expected return are right.

    One step: two coins of probabilities s(a) and s(b), and a reward for each of four outcomes.
    """
    dice = component(FOLDER + "dice.py", "dice", Tensor=torch.Tensor)["dice"]
    a, b = (torch.tensor(v, dtype=torch.float64, requires_grad=True) for v in (0.3, -0.8))
    rewards = torch.tensor([1.0, -2.0, 0.5, 4.0], dtype=torch.float64)

    def logs(t):
        return torch.nn.functional.logsigmoid(torch.stack([t, -t]))

    logp = (logs(a)[:, None] + logs(b)).reshape(4, 1)
    total = logp.exp().detach().squeeze(1) @ dice(logp, rewards[:, None])
    (slope,) = torch.autograd.grad(total, a, create_graph=True)
    (mixed,) = torch.autograd.grad(slope, b)
    x, y = sympy.symbols("x y")
    s = [1 / (1 + sympy.exp(-t)) for t in (x, y)]
    p = [s[0] * s[1], s[0] * (1 - s[1]), (1 - s[0]) * s[1], (1 - s[0]) * (1 - s[1])]
    true = sum(one * r for one, r in zip(p, rewards.tolist(), strict=True)).diff(x, y)
    assert mixed.item() == pytest.approx(float(true.subs({x: 0.3, y: -0.8})))


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


#: Distributions of one positive parameter, by how their samples are made.
PLAIN = {
    "normal": lambda a: distributions.Normal(a, a),
    "log-normal": lambda a: distributions.LogNormal(a, a),
    "Kumaraswamy": lambda a: distributions.Kumaraswamy(a, a),
    "Weibull": lambda a: distributions.Weibull(a, a),
    "logistic normal": lambda a: distributions.LogisticNormal(a.repeat(2), a.repeat(2)),
    "relaxed Bernoulli": lambda a: distributions.RelaxedBernoulli(torch.tensor(0.5), logits=a),
}
GAMMA = {
    "gamma": lambda a: distributions.Gamma(a, a),
    "inverse gamma": lambda a: distributions.InverseGamma(a, a),
    "chi-squared": distributions.Chi2,
    "Student's t": distributions.StudentT,
}
BETA = {
    "beta": lambda a: distributions.Beta(a, a + 1),
    "Dirichlet": lambda a: distributions.Dirichlet(torch.stack([a, a + 1])),
}


def of_a_sample(made, w, create_graph=False):
    """The derivative with respect to w of the cube of one sample, whose parameter is w^2."""
    torch.manual_seed(0)
    x = made(w**2).rsample()
    return torch.autograd.grad((x**3).sum(), w, create_graph=create_graph)[0]


def twice(made):
    """The second derivative, and what differences of the first say."""
    w = torch.tensor(1.2, dtype=torch.float64, requires_grad=True)
    slope = of_a_sample(made, w, create_graph=True)
    ends = (of_a_sample(made, (w + h).detach().requires_grad_()).item() for h in (1e-4, -1e-4))
    true = (next(ends) - next(ends)) / 2e-4
    return torch.autograd.grad(slope, w)[0].item(), true


@pytest.mark.parametrize("made", PLAIN.values(), ids=PLAIN)
def test_samples_that_can_be_differentiated_twice(made):
    found, true = twice(made)
    assert found == pytest.approx(true, rel=1e-4)


@pytest.mark.parametrize("made", GAMMA.values(), ids=GAMMA)
def test_samples_that_raise(made):
    with pytest.raises(NotImplementedError, match="_standard_gamma_grad"):
        twice(made)


@pytest.mark.parametrize("made", BETA.values(), ids=BETA)
def test_samples_that_are_silently_wrong(made):
    found, true = twice(made)
    assert found != pytest.approx(true, rel=0.1)
