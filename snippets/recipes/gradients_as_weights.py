# timeout: 120
# uses: recipes/gradients_as_weights/weighting.py
# %% [markdown]
# # IRM, and learning to reweight
#
# An invariant predictor is learned from small batches, with the penalty as a product and as a
# square. Then labels are flipped, and a few trusted samples find out which.

# %%
import torch
from sklearn.datasets import load_breast_cancer
from sklearn.preprocessing import scale
from torch.nn.functional import binary_cross_entropy_with_logits, mse_loss
from weighting import irm_penalty, sample_weights

# %% [markdown]
# ## Invariant risk
#
# In each environment, the first input causes the target, and the target causes the second input.
# The noise of the first two differs from one environment to the other. The invariant predictor has
# the coefficients 1 and 0. This is example 1 of Arjovsky et al.


# %%
# --8<-- [start:expected]
def expected(w, strength, square):
    """The loss for 8 rows of each environment, in expectation over normal inputs."""
    total = 0
    for variance in (0.25, 2.25):
        inputs = torch.tensor([[variance, variance], [variance, 2 * variance + 1]])
        f_f, f_y = w @ inputs @ w, w @ torch.tensor([variance, 2 * variance])
        risk, slope = f_f - 2 * f_y + 2 * variance, 2 * (f_f - f_y)
        penalty = slope**2
        if square:  # and the variance of a mean of 8 products 2 f (f - y)
            penalty = penalty + 4 * (f_f * risk + (f_f - f_y) ** 2) / 8
        total = total + risk + strength * penalty
    return total / (1 + strength)


def minimum(strength, square):
    w = torch.full((2,), 0.5, requires_grad=True)
    optimizer = torch.optim.LBFGS([w], max_iter=500, line_search_fn="strong_wolfe")

    def closure():
        loss = expected(w, strength, square)
        (w.grad,) = torch.autograd.grad(loss, w)
        return loss

    optimizer.step(closure)
    return w.tolist()


exact_none = minimum(0, square=False)[1]
exact_product = [minimum(strength, square=False)[1] for strength in (10, 1000)]
exact_squared = [minimum(strength, square=True)[1] for strength in (10, 1000)]
# --8<-- [end:expected]


# %%
# --8<-- [start:irm]
def environment(noise, count):
    cause = noise * torch.randn(count)
    y = cause + noise * torch.randn(count)
    return torch.stack([cause, y + torch.randn(count)], dim=1), y


def square(loss, outputs, targets):  # wrong: its mean is not the penalty
    scale = torch.ones((), requires_grad=True)
    risk = loss(scale * outputs, targets)
    return torch.autograd.grad(risk, scale, create_graph=True)[0] ** 2


def fitted(penalty, strength, seed, steps=1000):
    """The mean of the coefficients over the last 500 steps, on 8 new rows of each."""
    torch.manual_seed(seed)
    w, mean = torch.full((2,), 0.5, requires_grad=True), torch.zeros(2)
    optimizer = torch.optim.Adam([w], lr=0.01)
    for step in range(steps):
        loss = 0
        for noise in (0.5, 1.5):
            x, y = environment(noise, 8)
            outputs = x @ w
            loss = loss + mse_loss(outputs, y)
            loss = loss + strength * penalty(mse_loss, outputs, y)
        optimizer.zero_grad()
        (loss / (1 + strength)).backward()
        optimizer.step()
        if step >= steps - 500:
            mean += w.detach() / 500
    return mean.tolist()


runs = {"none": (irm_penalty, 0), "product": (irm_penalty, 10), "square": (square, 10)}
coefficients = {
    name: [fitted(*chosen, seed) for seed in range(2)] for name, chosen in runs.items()
}
of_effect = {name: [w[1] for w in found] for name, found in coefficients.items()}
none, product, squared = (sum(found) / 2 for found in of_effect.values())
print(f"the product removes more of it: {max(of_effect['product']) < 0.42}")
#> the product removes more of it: True
print(f"than the square: {min(of_effect['square']) > 0.46}")
#> than the square: True
# --8<-- [end:irm]

# %% [markdown]
# ## Learning to reweight
#
# Breast cancer data, where four of ten training labels are flipped, and 20 rows are trusted. A
# small network is trained once on all labels, and once with the weights that the trusted rows
# suggest in each step.

# %%
inputs, targets = load_breast_cancer(return_X_y=True)
inputs = torch.tensor(scale(inputs), dtype=torch.float32)
targets = torch.tensor(targets, dtype=torch.float32)


# --8<-- [start:reweight]
def losses(outputs, targets):
    return binary_cross_entropy_with_logits(outputs.squeeze(1), targets, reduction="none")


def trained(seed, way, steps=150):
    torch.manual_seed(seed)
    rows = torch.randperm(len(inputs))
    train, trusted, test = rows[:300], rows[300:320], rows[320:]
    flipped = torch.rand(300) < 0.4
    labels = torch.where(flipped, 1 - targets[train], targets[train])
    batch, clean = (inputs[train], labels), (inputs[trusted], targets[trusted])
    net = torch.nn.Sequential(
        torch.nn.Linear(30, 32), torch.nn.ReLU(), torch.nn.Linear(32, 1)
    )  # fmt: skip
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
    for _ in range(steps):
        x, y = clean if way == "trusted" else batch
        weights = torch.full((len(x),), 1 / len(x))
        if way == "reweighted":
            weights = sample_weights(net, losses, batch, clean)
        optimizer.zero_grad()
        (weights @ losses(net(x), y)).backward()
        optimizer.step()
    right = (net(inputs[test]).squeeze(1) > 0) == targets[test].bool()
    return right.float().mean().item()


ways = ("plain", "trusted", "reweighted")
accuracy = {way: [trained(seed, way) for seed in range(5)] for way in ways}
plain, trusted_alone, reweighted = (sum(found) / 5 for found in accuracy.values())
print(f"reweighted beats the flipped labels: {reweighted > plain + 0.15}")
#> reweighted beats the flipped labels: True
print(f"and not the trusted rows alone: {abs(reweighted - trusted_alone) < 0.02}")
#> and not the trusted rows alone: True
# --8<-- [end:reweight]
