# timeout: 120
# %% [markdown]
# # Forces from energies
#
# A potential $E_\theta(x)$ is fitted to the energies and forces of a cluster of four atoms. The
# forces are $F_\theta = -\partial E_\theta / \partial x$: a loss on them is a loss on a gradient.

# %%
from unittest.mock import patch

import matplotlib.pyplot as plt
import numpy as np
import torch
from torch.nn.utils import parameters_to_vector, vector_to_parameters

torch.set_default_dtype(torch.float64)  # for the checks; what is to be copied follows its inputs
torch.manual_seed(0)

# %% [markdown]
# ## The reference: a Morse cluster
#
# Each pair of atoms at distance $r$ has the energy $\epsilon (1 - e^{-a (r - r_0)})^2 - \epsilon$.
# Energies are in units of $\epsilon$ and lengths in units of $r_0$.

# %%
# --8<-- [start:distances]
def pairs(x: torch.Tensor) -> torch.Tensor:
    """Number the pairs of atoms, (2, pairs), for positions x, (batch, atoms, 3)."""
    return torch.triu_indices(x.shape[1], x.shape[1], offset=1, device=x.device)


def distances(x: torch.Tensor) -> torch.Tensor:
    """Measure each pair of atoms once, (batch, pairs), and no atom against itself."""
    i, j = pairs(x)
    return torch.linalg.vector_norm(x[:, i] - x[:, j], dim=-1)


# --8<-- [end:distances]
# --8<-- [start:morse]
atoms, epsilon, a, r_0 = 4, 1.0, 2.0, 1.0


def morse(x):
    return (epsilon * (1 - torch.exp(-a * (distances(x) - r_0))) ** 2 - epsilon).sum(dim=1)


# --8<-- [end:morse]
# --8<-- [start:forces]
def forces(E: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """Return minus the gradient of the energies E, (batch,), in the positions x, (batch, atoms, 3).

    The result keeps its graph, to be trained on. No configuration may influence another's energy.
    Raises ValueError unless there is one energy for each configuration.
    """
    if E.shape != x.shape[:1]:
        raise ValueError(f"E has the shape {tuple(E.shape)}, and needs {(len(x),)}")
    (dE_dx,) = torch.autograd.grad(E.sum(), x, create_graph=True)
    return -dE_dx


# --8<-- [end:forces]


def configurations(count, seed):
    generator = torch.Generator().manual_seed(seed)
    corners = torch.tensor([[1.0, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]]) / 8**0.5
    x = corners + 0.15 * torch.randn(count, atoms, 3, generator=generator)
    x.requires_grad_()
    E = morse(x)
    return x, E.detach(), forces(E, x).detach()


x, E, F = configurations(40, seed=0)
x_test, E_test, F_test = configurations(200, seed=1)
zero = E.mean()  # energies are counted from here, so that no network has to learn this number
E, E_test = E - zero, E_test - zero

# %% [markdown]
# The oracle is the closed form, in NumPy. With $s = e^{-a (r - r_0)}$, atom $j$ acts on atom $i$
# with the force $-2 \epsilon a (1 - s) \, s \, (x_i - x_j) / r$.

# %%
# --8<-- [start:oracle]
points = x_test.detach().numpy()
between = points[:, :, None] - points[:, None]
r = np.linalg.norm(between, axis=-1) + np.eye(atoms)  # an atom does not act on itself
s = np.exp(-a * (r - r_0))
closed_form = -(2 * epsilon * a * (1 - s) * s / r)[..., None] * between
force_difference = np.abs(F_test.numpy() - closed_form.sum(axis=2)).max()
print(f"largest force: {F_test.abs().max():.1f}")
#> largest force: 22.1
print(f"equal to the closed form: {force_difference < 1e-13}")
#> equal to the closed form: True
# --8<-- [end:oracle]

# %% [markdown]
# ## A potential to fit
#
# Each atom sees its neighbors through eight Gaussians of the distance, and a small network turns
# that into an energy. The sum of these energies stays the same when the cluster is moved or
# turned, or its atoms are numbered in another order.


# %%
# --8<-- [start:potential]
class Potential(torch.nn.Module):
    """The energies, (batch,), of clusters at the positions x, (batch, atoms, 3).

    The sum over atoms of one network of what each sees, after Behler and Parrinello (2007), with
    distances in units of the Gaussians' centers. Raises ValueError for another shape.
    """

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("centers", torch.linspace(0.5, 1.9, 8))
        self.atom = torch.nn.Sequential(
            torch.nn.Linear(8, 16),
            torch.nn.SiLU(),
            torch.nn.Linear(16, 16),
            torch.nn.SiLU(),
            torch.nn.Linear(16, 1),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if x.dim() != 3 or x.shape[2] != 3:
            raise ValueError(f"x has the shape {tuple(x.shape)}, and needs (batch, atoms, 3)")
        i, j = pairs(x)
        bumps = torch.exp(-(((distances(x)[..., None] - self.centers) / 0.2) ** 2))
        seen = bumps.new_zeros(*x.shape[:2], 8).index_add(1, i, bumps).index_add(1, j, bumps)
        return self.atom(seen).sum(dim=(1, 2))


# --8<-- [end:potential]

# %% [markdown]
# Whatever the weights are, its forces add up to zero, exert no torque, and turn with the cluster.
# Here are untrained weights and a random rotation.

# %%
# --8<-- [start:symmetry]
potential = Potential()
F_theta = forces(potential(x_test), x_test)
net_force = F_theta.sum(dim=1).abs().max().item()
net_torque = torch.linalg.cross(x_test, F_theta).sum(dim=1).abs().max().item()
rotation, _ = torch.linalg.qr(torch.randn(3, 3))
turned = (x_test @ rotation).detach().requires_grad_()
turn_difference = (forces(potential(turned), turned) - F_theta @ rotation).abs().max().item()
print(f"no net force: {net_force < 1e-13}, no net torque: {net_torque < 1e-13}")
#> no net force: True, no net torque: True
print(f"forces turn with the cluster: {turn_difference < 1e-13}")
#> forces turn with the cluster: True
# --8<-- [end:symmetry]

# %% [markdown]
# ## The gradient of a loss on forces
#
# How fast the loss changes along a random direction of the weights: once from its gradient, with
# `create_graph` and without, and once from a central difference, which differentiates only once.
# To forget the argument everywhere, `torch.autograd.grad` is replaced by one that ignores it.


# %%
# --8<-- [start:loss]
def loss_of(
    potential: torch.nn.Module,
    data: tuple[torch.Tensor, torch.Tensor, torch.Tensor],
    energy: float,
    force: float,
) -> torch.Tensor:
    """Weigh the mean squared errors of energies and forces, for data (x, E, F).

    Raises ValueError if E is not (batch,) or F not like x, because a difference would broadcast.
    """
    x, E, F = data
    if E.shape != x.shape[:1] or F.shape != x.shape:
        raise ValueError(f"x {tuple(x.shape)}, E {tuple(E.shape)}, F {tuple(F.shape)} do not fit")
    x = x.detach().requires_grad_()
    E_theta = potential(x)
    loss = energy * (E_theta - E).pow(2).mean()
    if force:
        loss = loss + force * (forces(E_theta, x) - F).pow(2).mean()
    return loss


# --8<-- [end:loss]


# --8<-- [start:without]
grad = torch.autograd.grad


def grad_without(*args, create_graph=False, **options):
    return grad(*args, **options | {"retain_graph": True})


without_create_graph = patch.object(torch.autograd, "grad", grad_without)
# --8<-- [end:without]


def slope():
    loss = loss_of(potential, (x, E, F), 1, 1)
    gradient = torch.autograd.grad(loss, list(potential.parameters()))
    return (torch.cat([g.flatten() for g in gradient]) @ direction).item()


def loss_at(step):
    moved = Potential()
    vector_to_parameters(weights + step * direction, moved.parameters())
    return loss_of(moved, (x, E, F), 1, 1).item()


weights = parameters_to_vector(potential.parameters()).detach()
direction = torch.randn(len(weights))
slope_difference = (loss_at(1e-5) - loss_at(-1e-5)) / 2e-5
slope_right = slope()
with without_create_graph:
    slope_cut = slope()
print(f"difference {slope_difference:.4f}, right {slope_right:.4f}, cut {slope_cut:.4f}")
#> difference 15.5549, right 15.5549, cut 17.2167
assert abs(slope_right / slope_difference - 1) < 1e-7
assert abs(slope_cut / slope_difference - 1) > 0.01

# %% [markdown]
# ## Five trainings, five seeds each
#
# `energy` and `force` are the weights of the two errors.


# %%
# --8<-- [start:train]
def train(seed, energy, force, data=(x, E, F), steps=200):
    torch.manual_seed(seed)
    potential = Potential()
    optimizer = torch.optim.Adam(potential.parameters(), lr=0.02)
    slower = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    history = []
    for step in range(1, steps + 1):
        loss = loss_of(potential, data, energy, force)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        slower.step()
        if step % (steps // 20) == 0:
            history.append(force_error(potential))
    return potential, history


# --8<-- [end:train]


def force_error(potential):
    return (forces(potential(x_test), x_test) - F_test).abs().mean().item()


seeds = range(5)
x_more, E_more, F_more = configurations(520, seed=2)
more = (x_more, E_more - zero, F_more)
runs = {
    "energies": [train(seed, 1, 0) for seed in seeds],
    "cut": [],
    "both": [train(seed, 1, 1) for seed in seeds],
    "forces": [train(seed, 0, 1) for seed in seeds],
    "13 x energies": [train(seed, 1, 0, more) for seed in seeds],
}
with without_create_graph:
    runs["cut"] += [train(seed, 1, 1) for seed in seeds]

# %% [markdown]
# Without `create_graph`, the training on energies *and* forces ends with the weights of the
# training on energies alone, bit for bit, from each of the seeds.

# %%
matched = zip(runs["cut"], runs["energies"], strict=True)
same = [
    torch.equal(parameters_to_vector(one.parameters()), parameters_to_vector(other.parameters()))
    for (one, _), (other, _) in matched
]
inert = all(same)
print(f"cut equals energies alone, bit for bit: {inert}")
#> cut equals energies alone, bit for bit: True


# --8<-- [start:errors]
def spread(values):
    return f"{np.mean(values):.3f} (from {min(values):.3f} to {max(values):.3f})"


force_errors = {name: [history[-1] for _, history in run] for name, run in runs.items()}
for name, errors in force_errors.items():
    print(f"{name:13} force error {spread(errors)}")
#> energies      force error 0.554 (from 0.503 to 0.575)
#> cut           force error 0.554 (from 0.503 to 0.575)
#> both          force error 0.096 (from 0.070 to 0.117)
#> forces        force error 0.066 (from 0.054 to 0.077)
#> 13 x energies force error 0.448 (from 0.383 to 0.623)
# --8<-- [end:errors]
assert max(force_errors["both"]) < min(force_errors["energies"]) / 3
of_energies, of_cut, of_both, of_forces, of_more = force_errors.values()
mean_cut, mean_both, mean_forces, mean_more = map(np.mean, (of_cut, of_both, of_forces, of_more))

# %%
force_error_figure, axes = plt.subplots(figsize=(6.4, 3.2), layout="constrained")
drawn_steps = range(10, 201, 10)
styles = {"energies": "C0-", "cut": "C1:", "both": "C2-", "forces": "C3-"}
labels = ["energies", "both, without create_graph", "both", "forces"]
for (name, style), label in zip(styles.items(), labels, strict=True):
    histories = np.array([history for _, history in runs[name]])
    axes.semilogy(drawn_steps, histories.mean(axis=0), style, label=label)
    if name != "cut":
        low, high = histories.min(axis=0), histories.max(axis=0)
        axes.fill_between(drawn_steps, low, high, color=style[:2], alpha=0.2, linewidth=0)
axes.set_xlabel("step of training")
axes.set_ylabel(r"force error, $\epsilon / r_0$")
axes.legend()

# %% [markdown]
# ## Forces alone, and their constant
#
# A potential that was fitted to forces alone has the right shape at a height that nothing
# determines. One number, from the energies of the training set, puts it right.

# %%
# --8<-- [start:constant]
offsets, before, after = [], [], []
for potential, _ in runs["forces"]:
    offset = (potential(x).detach() - E).mean()
    off = potential(x_test).detach() - E_test
    offsets.append(offset.item())
    before.append(off.abs().mean().item())
    after.append((off - offset).abs().mean().item())
print(f"constant: from {min(offsets):.0f} to {max(offsets):.0f}")
#> constant: from -58 to -45
print(f"energy error: {spread(before)}")
#> energy error: 53.952 (from 44.667 to 58.164)
print(f"without it:   {spread(after)}")
#> without it:   0.012 (from 0.010 to 0.015)
# --8<-- [end:constant]
