# timeout: 120
# %% [markdown]
# # WGAN-GP and R1
#
# Two penalties on the slope of a critic: that of WGAN-GP on points between real and fake data, and
# R1 on real data. Both are tried where the right answer is known.

# %%
from collections.abc import Callable
from unittest.mock import patch

import matplotlib.pyplot as plt
import numpy as np
import torch

torch.set_default_dtype(torch.float64)  # for the checks; what is to be copied follows its inputs


# %%
# --8<-- [start:penalty]
def gradient_penalty(
    D: Callable, real: torch.Tensor, fake: torch.Tensor, epsilon: torch.Tensor | None = None
) -> torch.Tensor:
    """Return the mean of (slope - 1)² at points between real and fake samples, both (batch, …).

    D judges each sample by itself. Raises ValueError if it does not give one number for each, or
    if the shapes differ. Gulrajani et al. 2017, algorithm 1.
    """
    if real.shape != fake.shape:
        raise ValueError(f"real is {tuple(real.shape)}, fake is {tuple(fake.shape)}: need pairs")
    if epsilon is None:
        epsilon = torch.rand_like(real.flatten(1)[:, 0]).reshape(-1, *[1] * (real.dim() - 1))
    slope = slopes(D, epsilon * real + (1 - epsilon) * fake)
    return (torch.linalg.vector_norm(slope, dim=1) - 1).pow(2).mean()


def r1(D: Callable, real: torch.Tensor) -> torch.Tensor:
    """Return the mean squared slope at real samples, (batch, …): gamma / 2 times this is R1.

    Raises ValueError if D does not give one number for each sample. Mescheder et al. 2018.
    """
    return slopes(D, real).pow(2).sum(dim=1).mean()


def slopes(D, x):
    x = x.detach().requires_grad_()
    judged = D(x)
    if judged.numel() != len(x):
        raise ValueError(f"D gives {tuple(judged.shape)} for {len(x)} samples: one number for each")
    (slope,) = torch.autograd.grad(judged.sum(), x, create_graph=True)
    return slope.flatten(1)


# --8<-- [end:penalty]

# %% [markdown]
# ## Two clouds, one the other moved by δ
#
# The Wasserstein distance of the clouds is $\lVert \delta \rVert$, here 5. The best critic *with*
# the penalty is steeper than 1: its slope is $1 + \lVert \delta \rVert / 2 \lambda$, so that its
# estimate of the distance is $\lVert \delta \rVert + \lVert \delta \rVert^2 / 2 \lambda$.

# %%
delta = torch.tensor([3.0, 4.0])


def cloud(count, generator):
    return torch.randn(count, 2, generator=generator) / 2


def train(strength, seed):
    torch.manual_seed(seed)
    generator = torch.Generator().manual_seed(seed)
    layers = [torch.nn.Linear(2, 32), torch.nn.Linear(32, 32), torch.nn.Linear(32, 1)]
    smooth = torch.nn.Softplus()
    D = torch.nn.Sequential(layers[0], smooth, layers[1], smooth, layers[2])
    optimizer = torch.optim.Adam(D.parameters(), lr=0.01, betas=(0.0, 0.9))
    slower = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 300)
    for _ in range(300):
        real, fake = cloud(128, generator) + delta, cloud(128, generator)
        epsilon = torch.rand(128, 1, generator=generator)
        penalty = gradient_penalty(D, real, fake, epsilon)
        loss = D(fake).mean() - D(real).mean()
        if strength:
            loss = loss + strength * penalty
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        slower.step()
    return D




def measure(D):
    generator = torch.Generator().manual_seed(99)
    fake = cloud(1000, generator)
    x_hat = (fake + torch.rand(1000, 1, generator=generator) * delta).requires_grad_()
    (slope,) = torch.autograd.grad(D(x_hat).sum(), x_hat)
    return slope.norm(dim=1).mean().item(), (D(fake + delta) - D(fake)).mean().item()


# --8<-- [start:oracle]
seeds, strengths, distance = range(3), [1.0, 10.0, 100.0], delta.norm().item()
critics = {strength: [train(strength, seed) for seed in seeds] for strength in strengths}
found, optima = [], []
for strength in strengths:
    runs = np.array([measure(D) for D in critics[strength]])
    slope = 1 + distance / (2 * strength)
    mean_slope, mean_estimate = runs.mean(axis=0)
    print(f"strength {strength:5}: slope {mean_slope:.2f}, optimum {slope:.3f}")
    print(f"             estimate {mean_estimate:6.2f}, optimum {distance * slope:.3f}")
    found.append(runs)
    optima.append([slope, distance * slope])
#> strength   1.0: slope 3.50, optimum 3.500
#>              estimate  17.52, optimum 17.500
#> strength  10.0: slope 1.25, optimum 1.250
#>              estimate   6.26, optimum 6.250
#> strength 100.0: slope 1.03, optimum 1.025
#>              estimate   5.13, optimum 5.125
found, optima = np.array(found), np.array(optima)
slope_right, estimate_right = found[1].mean(axis=0)
largest_error = np.abs(found / optima[:, None] - 1).max()
print(f"each of nine critics within half a percent: {largest_error < 0.005}")
#> each of nine critics within half a percent: True
# --8<-- [end:oracle]

# %% [markdown]
# Without `create_graph` the penalty is a number. The critic is the one that has none, bit for bit.
# To forget the argument everywhere, `torch.autograd.grad` is replaced by one that ignores it.

# %%
# --8<-- [start:cut]
grad = torch.autograd.grad


def grad_without(*args, create_graph=False, **options):
    return grad(*args, **options | {"retain_graph": True})


without_create_graph = patch.object(torch.autograd, "grad", grad_without)
none = [train(0, seed) for seed in seeds]
with without_create_graph:
    cut = [train(10, seed) for seed in seeds]
inert = all(
    torch.equal(p_none, p_cut)
    for D_none, D_cut in zip(none, cut, strict=True)
    for p_none, p_cut in zip(D_none.parameters(), D_cut.parameters(), strict=True)
)
slope_cut, estimate_cut = np.mean([measure(D) for D in cut], axis=0)
print(f"cut equals no penalty, bit for bit: {inert}")
#> cut equals no penalty, bit for bit: True
print(f"cut: slope {slope_cut:.1e}, estimate {estimate_cut:.1e}")
#> cut: slope 3.3e+03, estimate 1.7e+04
# --8<-- [end:cut]

# %%
estimate_figure, axes = plt.subplots(figsize=(6.4, 3.2), layout="constrained")
line = np.geomspace(0.7, 200)
optimum = distance + distance**2 / (2 * line)
axes.semilogx(line, optimum, "C0", label="optimum, in closed form")
axes.semilogx(np.repeat(strengths, len(seeds)), found[:, :, 1].flatten(), "C1o", label="critics")
axes.axhline(distance, color="C2", linestyle="--", label="Wasserstein distance")
axes.set_xlabel(r"strength $\lambda$ of the penalty")
axes.set_ylabel("estimate of the distance")
axes.legend()

# %% [markdown]
# The critic's field. Right, it is a ramp of even slope from the fake cloud to the real one. Cut,
# it has the same direction, and no scale.

# %%
field_figure, both = plt.subplots(1, 2, figsize=(6.4, 3.2), layout="constrained")
grid = torch.cartesian_prod(torch.linspace(-2, 5, 36), torch.linspace(-2, 6, 36))
points = cloud(60, torch.Generator().manual_seed(5))
for axes, D, title in zip(both, (critics[10.0][0], cut[0]), ("right", "cut"), strict=True):
    field = D(grid).detach().reshape(36, 36).T
    drawn = axes.contourf(np.linspace(-2, 5, 36), np.linspace(-2, 6, 36), field - field.min(), 8)
    field_figure.colorbar(drawn, ax=axes)
    axes.plot(*points.T, "C1.", markersize=4)
    axes.plot(*(points + delta).T, "C1+", markersize=4)
    axes.set_title(f"{title}: from fake (dots) to real (crosses)", fontsize="small")
    axes.grid(False)
    axes.set_xlabel("$x_1$")
both[0].set_ylabel("$x_2$")

# %% [markdown]
# ## Layer norm, not batch norm
#
# A penalty per sample needs a critic that judges each sample by itself. Move the other samples of
# the batch, and see whether the first one's value changes.

# %%
# --8<-- [start:norm]
torch.manual_seed(0)
x = torch.randn(8, 2)
others_moved = x + torch.arange(8).clamp(max=1)[:, None]
changes = []
for norm in torch.nn.LayerNorm(16), torch.nn.BatchNorm1d(16):
    D = torch.nn.Sequential(torch.nn.Linear(2, 16), norm, torch.nn.Tanh(), torch.nn.Linear(16, 1))
    changes.append(abs(D(others_moved)[0] - D(x)[0]).item())
    print(f"{type(norm).__name__}: {changes[-1]:.4f}")
#> LayerNorm: 0.0000
#> BatchNorm1d: 0.0288
# --8<-- [end:norm]

# %% [markdown]
# ## R1 and the end of the game
#
# The generator moves its points by $\theta$, and the critic is $D(x) = w \cdot x$. Both take a step
# of size $h$ at a time. With R1, half $\gamma$ times the squared slope, a round of the game is a
# matrix, so that NumPy can play it as well. With $e = \delta - \theta$,
#
# $$\begin{pmatrix} e \\ w \end{pmatrix} \to
# \begin{pmatrix} 1 & -h \\ h & 1 - h \gamma \end{pmatrix} \begin{pmatrix} e \\ w \end{pmatrix}.$$

# %%
gamma, h, rounds = 1.0, 0.1, 600
start = torch.tensor([0.3, 0.4])


def play(penalty):
    generator = torch.Generator().manual_seed(0)
    w, theta = start, torch.zeros(2)
    path = []
    for _ in range(rounds):
        w, theta = w.detach().requires_grad_(), theta.detach().requires_grad_()
        points = cloud(16, generator)
        real, fake = points + delta, points + theta
        value = (real @ w).mean() - (fake @ w).mean()
        loss = penalty(lambda x: x @ w, real, fake) - value
        (dloss_dw,) = torch.autograd.grad(loss, w, retain_graph=True)
        (dvalue_dtheta,) = torch.autograd.grad(value, theta)
        w, theta = w - h * dloss_dw, theta - h * dvalue_dtheta
        path.append(torch.stack([delta - theta, w]).tolist())
    return np.array(path)




def matrix_path(gamma):
    one_round = np.array([[1, -h], [h, 1 - h * gamma]])
    first = np.array([delta.tolist(), start.tolist()])
    return np.array([np.linalg.matrix_power(one_round, k) @ first for k in range(1, rounds + 1)])


half = torch.full((16, 1), 0.5)


def half_gamma(D, real, fake):
    return gamma / 2 * r1(D, real)


path_r1 = play(half_gamma)
path_double = play(lambda D, real, fake: gamma * r1(D, real))
with without_create_graph:
    path_cut = play(half_gamma)
path_none = play(lambda D, real, fake: 0)
path_gp = play(lambda D, real, fake: gradient_penalty(D, real, fake, half))

# --8<-- [start:played]
r1_error = np.abs(path_r1 - matrix_path(gamma)).max()
double_error = np.abs(path_double - matrix_path(gamma)).max()
cut_error = np.abs(path_cut - matrix_path(gamma)).max()
print(f"R1 is the matrix: {r1_error < 1e-12}")
#> R1 is the matrix: True
print(f"without the half it is off by {double_error:.1f}, cut by {cut_error:.0f}")
#> without the half it is off by 1.4, cut by 79
r1_inert = np.array_equal(path_cut, path_none)
print(f"cut equals no penalty, bit for bit: {r1_inert}")
#> cut equals no penalty, bit for bit: True
left_r1, left_gp, left_cut = (
    float(np.linalg.norm(path[-1, 0])) for path in (path_r1, path_gp, path_cut)
)
print(f"distance left: R1 {left_r1:.4f}, WGAN-GP {left_gp:.4f}, cut {left_cut:.0f}")
#> distance left: R1 0.0000, WGAN-GP 1.0526, cut 97
# --8<-- [end:played]

# %%
game_figure, axes = plt.subplots(figsize=(6.4, 3.2), layout="constrained")
shown = {"R1, cut": path_cut, "WGAN-GP": path_gp, "R1": path_r1}
for (name, path), color in zip(shown.items(), ("C1", "C2", "C0"), strict=True):
    along = path[:200] @ delta.numpy() / distance
    axes.plot(*along.T, color, label=name)
axes.set_xlabel(r"distance left to go, along $\delta$")
axes.set_ylabel("critic's slope")
axes.legend(loc="upper left")
