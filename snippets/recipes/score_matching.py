# timeout: 120
# %% [markdown]
# # Score matching
#
# A network learns the score of a density, the gradient of its logarithm, from samples alone. The
# loss holds a derivative of the network, so that training differentiates twice.

# %%
import itertools
from collections.abc import Callable

import matplotlib.pyplot as plt
import numpy as np
import torch

torch.set_default_dtype(torch.float64)  # for the checks; what is to be copied follows its inputs
torch.manual_seed(0)

# %% [markdown]
# ## The loss
#
# Three ways to the trace of the Jacobian: a backward pass for each coordinate, `torch.func`, and a
# random vector.


# %%
# --8<-- [start:exact]
def trace(s: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """Return the trace of ds/dx of each sample, (samples,), for s and x, both (samples, d)."""
    total = 0
    for i in range(x.shape[1]):
        (row,) = torch.autograd.grad(s[:, i].sum(), x, create_graph=True)
        total = total + row[:, i]
    return total


# --8<-- [end:exact]
# --8<-- [start:sliced]
def sliced_trace(s: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """Estimate the same by one random vector of signs for each sample. Hutchinson 1989."""
    v = torch.randint(0, 2, x.shape, dtype=x.dtype, device=x.device) * 2 - 1
    (product,) = torch.autograd.grad((s * v).sum(), x, create_graph=True)
    return (product * v).sum(dim=1)


# --8<-- [end:sliced]
def cut_trace(s, x):
    """The same numbers as ``trace``, and a constant to whoever differentiates them."""
    rows = [torch.autograd.grad(s[:, i].sum(), x, retain_graph=True)[0] for i in range(x.shape[1])]
    return sum(row[:, i] for i, row in enumerate(rows))


# --8<-- [start:loss]
def score_matching_loss(
    network: torch.nn.Module, samples: torch.Tensor, trace: Callable
) -> torch.Tensor:
    """Return the mean over samples, (samples, d), of theorem 1 of Hyvärinen 2005.

    Raises ValueError if the network does not give a vector like its input.
    """
    x = samples.detach().clone().requires_grad_()
    s = network(x)
    if s.shape != x.shape:
        raise ValueError(f"the score is {tuple(s.shape)}, and needs the shape {tuple(x.shape)}")
    return (trace(s, x) + s.pow(2).sum(dim=1) / 2).mean()


# --8<-- [end:loss]

# %% [markdown]
# ## A Gaussian: the exact answer
#
# The score of a Gaussian is linear. For a linear network, the loss has one minimum: minus the
# inverse of the covariance of these very samples.


# %%
# --8<-- [start:gaussian]
def fit_linear(samples, trace):
    network = torch.nn.Linear(3, 3)
    optimizer = torch.optim.LBFGS(
        network.parameters(),
        max_iter=300,
        tolerance_grad=1e-13,
        tolerance_change=0,
        line_search_fn="strong_wolfe",
    )

    def closure():
        optimizer.zero_grad()
        loss = score_matching_loss(network, samples, trace)
        loss.backward()
        return loss

    optimizer.step(closure)
    return network.weight.detach().numpy()


shape = torch.tensor([[1.0, 0.0, 0.0], [0.8, 0.6, 0.0], [-0.5, 0.3, 1.5]])
samples = torch.randn(400, 3) @ shape
precision = np.linalg.inv(np.cov(samples.numpy().T, bias=True))


def error(weight):
    return np.linalg.norm(weight + precision) / np.linalg.norm(precision)


gaussian_error = error(fit_linear(samples, trace))
gaussian_error_cut = error(fit_linear(samples, cut_trace))
print(f"exact: {gaussian_error < 1e-7}, cut: {gaussian_error_cut < 0.9}")
#> exact: True, cut: False
# --8<-- [end:gaussian]

# %% [markdown]
# An optimizer stops a little early. At the minimum itself the gradient is zero up to rounding, and
# with the trace cut it is minus the identity: the gradient of the trace, the identity, is missing.


# %%
# --8<-- [start:minimum]
def gradient_at_the_minimum(trace):
    network = torch.nn.Linear(3, 3)
    weight = -torch.from_numpy(precision)
    network.load_state_dict({"weight": weight, "bias": -weight @ samples.mean(dim=0)})
    score_matching_loss(network, samples, trace).backward()
    return network.weight.grad


gradient = gradient_at_the_minimum(trace)
gradient_cut = gradient_at_the_minimum(cut_trace)
gradient_size = gradient.abs().max().item()
cut_difference = (gradient_cut + torch.eye(3)).abs().max().item()
print(gradient_size < 1e-12, cut_difference < 1e-12)
#> True True
# --8<-- [end:minimum]

# %% [markdown]
# ## The random vector is right on average
#
# In three dimensions there are eight vectors of signs. Their average is the trace, and their
# variance is four times the sum of the squared entries of the symmetric part above the diagonal.

# %%
# --8<-- [start:signs]
layers = torch.nn.Linear(3, 8), torch.nn.Tanh(), torch.nn.Linear(8, 3)
network = torch.nn.Sequential(*layers)
point = torch.randn(1, 3)
jacobian = torch.func.jacrev(network)(point[0]).detach()
estimates = []
for signs in itertools.product([-1.0, 1.0], repeat=3):
    x, v = point.clone().requires_grad_(), torch.tensor(signs)
    (product,) = torch.autograd.grad((network(x) * v).sum(), x)
    estimates.append((product * v).sum().item())
mean, variance = np.mean(estimates), np.var(estimates)
symmetric = (jacobian + jacobian.T) / 2
mean_error = abs(mean - jacobian.trace().item())
variance_error = abs(variance - 4 * symmetric.triu(1).pow(2).sum().item())
print(mean_error < 1e-13, variance_error < 1e-13)
#> True True
# --8<-- [end:signs]
x = point.clone().requires_grad_()
loop_error = abs(trace(network(x), x).item() - jacobian.trace().item())
assert loop_error < 1e-13

# %% [markdown]
# ## Two humps: a network, five seeds
#
# The score of a mixture of two Gaussians is known, so that a trained network can be compared with
# it on fresh samples. An error of one is that of a network that always says zero.

# %%
CENTERS = torch.tensor([[-1.2, 0.0], [1.2, 0.6]])
WIDTH = 0.7


def sample(count):
    return CENTERS[torch.randint(0, 2, (count,))] + WIDTH * torch.randn(count, 2)


def true_score(x):
    offsets = CENTERS - x[:, None]
    nearness = torch.softmax(-offsets.pow(2).sum(dim=2) / (2 * WIDTH**2), dim=1)
    return (nearness[:, :, None] * offsets).sum(dim=1) / WIDTH**2


probe_points = torch.tensor([[0.0, 0.0], [-1.0, 0.5], [2.0, -1.0]])
probe_scores = true_score(probe_points)


def train(trace, seed):
    torch.manual_seed(seed)
    network = torch.nn.Sequential(
        torch.nn.Linear(2, 32), torch.nn.Tanh(), torch.nn.Linear(32, 32), torch.nn.Tanh()
    )
    network.append(torch.nn.Linear(32, 2))
    optimizer = torch.optim.Adam(network.parameters(), lr=0.01)
    for _ in range(300):
        optimizer.zero_grad()
        loss = score_matching_loss(network, sample(500), trace)
        loss.backward()
        optimizer.step()
    return network


def relative_error(network, x):
    s = network(x).detach()
    return ((s - true_score(x)).pow(2).sum() / true_score(x).pow(2).sum()).item()


# %%
torch.manual_seed(100)
fresh = sample(20_000)
networks, errors = {}, {}
for name, way in [("exact", trace), ("sliced", sliced_trace), ("cut", cut_trace)]:
    networks[name] = [train(way, seed) for seed in range(5)]
    errors[name] = [relative_error(network, fresh) for network in networks[name]]
    print(f"{name}: below a tenth in each of five runs: {max(errors[name]) < 0.1}")
#> exact: below a tenth in each of five runs: True
#> sliced: below a tenth in each of five runs: True
#> cut: below a tenth in each of five runs: False

# %%
exact_errors, sliced_errors, cut_errors = errors.values()
exact_low, sliced_low, cut_low = map(min, errors.values())
exact_high, sliced_high, cut_high = map(max, errors.values())

# %% [markdown]
# Hyvärinen's theorem: the loss is half the squared distance to the true score, less a constant
# that does not depend on the network. On fresh samples this holds up to their number: for the
# network that was trained with the trace, and for the one with the trace cut, far from the truth.
# It tells the trace from the sum of all derivatives.


# %%
def sum_of_all(s, x):
    """Wrong: every entry of the Jacobian, not only the diagonal."""
    (columns,) = torch.autograd.grad(s.sum(), x, create_graph=True)
    return columns.sum(dim=1)


def theorem_gap(network, trace):
    """The difference of the theorem's two sides, in standard errors."""
    x = fresh.clone().requires_grad_()
    s, truth = network(x), true_score(fresh)
    losses = (trace(s, x) + s.pow(2).sum(dim=1) / 2).detach()
    distances = ((s - truth).pow(2).sum(dim=1) / 2 - truth.pow(2).sum(dim=1) / 2).detach()
    gaps = losses - distances
    return abs(gaps.mean() / (gaps.std() / len(gaps) ** 0.5)).item()


standard_errors = theorem_gap(networks["exact"][0], trace)
standard_errors_cut = theorem_gap(networks["cut"][0], trace)
standard_errors_sum = theorem_gap(networks["exact"][0], sum_of_all)
both = max(standard_errors, standard_errors_cut)
print(f"within three standard errors: {both < 3}, the sum: {standard_errors_sum < 3}")
#> within three standard errors: True, the sum: False

# %%
score_figure, axes = plt.subplots(figsize=(6.4, 3.2), layout="constrained")
line = torch.stack([torch.linspace(-3, 3, 49), torch.full((49,), 0.3)], dim=1)
axes.plot(line[:, 0], true_score(line)[:, 0], "C4", linewidth=4, alpha=0.5, label="the true score")
for name, color in [("exact", "C0"), ("sliced", "C2:"), ("cut", "C1--")]:
    axes.plot(line[:, 0], networks[name][0](line).detach()[:, 0], color, label=name)
axes.set_xlabel("$x_1$, at $x_2 = 0.3$")
axes.set_ylabel("first component of the score")
axes.legend()
