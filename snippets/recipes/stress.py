# timeout: 120
# uses: recipes/stress/cell.py
# %% [markdown]
# # Energies, forces and stress of a periodic cell
#
# Forces and stress are derivatives of one energy, with respect to positions and to a strain. Both
# are compared with closed forms for Morse's potential, then a network is trained on them.

# %%
import matplotlib.pyplot as plt
import numpy as np
import torch
from cell import distances, energy_forces_stress, envelope, neighbors

cutoff = 2.5

# %% [markdown]
# ## A batch of cells with two to five atoms each


# %%
def structures(seed, sizes, dtype=torch.float32):
    draw = torch.Generator().manual_seed(seed)
    batch = torch.repeat_interleave(torch.arange(len(sizes)), torch.tensor(sizes))
    sides = torch.tensor(sizes, dtype=dtype) ** (1 / 3) * 1.2
    cells = torch.eye(3, dtype=dtype) * sides[:, None, None]
    cells = cells + 0.1 * torch.randn(len(sizes), 3, 3, generator=draw, dtype=dtype)
    places = []
    for size, cell in zip(sizes, cells):  # keeps the best of fifty: no two atoms too close
        tries = torch.rand(50, size, 3, generator=draw, dtype=dtype) @ cell
        closest = [neighborhood(x, cell).min().item() for x in tries]
        places.append(tries[int(np.argmax(closest))])
    return torch.cat(places), cells, batch


def neighborhood(x, cell):
    one = torch.zeros(len(x), dtype=torch.long)
    return distances(x, cell[None], one, neighbors(x, cell[None], one, cutoff))


def total(values, owners, count):
    return values.new_zeros(count).index_add(0, owners, values)


def morse(batch, pairs, count):
    def energy(x, cells):
        r = distances(x, cells, batch, pairs)
        each = ((1 - torch.exp(-2 * (r - 1))) ** 2 - 1) * envelope(r, cutoff)
        return total(each, batch[pairs[0]], count) / 2  # each pair is there twice

    return energy



# %% [markdown]
# ## The closed form, in NumPy, over all images


# %%
# --8<-- [start:oracle]
def closed_form(x, cell):
    """Forces and stress of one structure: sums over images, with the derivative by hand."""
    F, S = np.zeros_like(x), np.zeros((3, 3))
    images = np.stack(np.meshgrid(*3 * [np.arange(-4, 5)]), -1).reshape(-1, 3) @ cell
    for i in range(len(x)):
        for j in range(len(x)):
            apart = x[j] - x[i] + images
            r = np.linalg.norm(apart, axis=1)
            apart, r = apart[(r > 0) & (r < cutoff)], r[(r > 0) & (r < cutoff)]
            s, t = np.exp(-2 * (r - 1)), 1 - (r / cutoff) ** 2
            slope = 4 * (1 - s) * s * t**3 - ((1 - s) ** 2 - 1) * 6 * r / cutoff**2 * t**2
            F[i] += (slope / r) @ apart
            S += np.einsum("p,pa,pb->ab", slope / r, apart, apart) / 2
    return F, S / abs(np.linalg.det(cell))


x, cells, batch = structures(0, [2, 3, 5, 4], torch.float64)
pairs = neighbors(x, cells, batch, cutoff)
E, F, S = energy_forces_stress(morse(batch, pairs, 4), x, cells, batch, False)
by_hand = [closed_form(x[batch == k].numpy(), cells[k].numpy()) for k in range(4)]
force_error = np.abs(F.numpy() - np.concatenate([f for f, _ in by_hand])).max()
stress_error = np.abs(S.numpy() - np.stack([s for _, s in by_hand])).max()
print(f"largest force {F.abs().max():.1f}, largest stress {S.abs().max():.1f}")
#> largest force 1.4, largest stress 2.7
print(f"equal to the closed form: {max(force_error, stress_error) < 1e-10}")
#> equal to the closed form: True
# --8<-- [end:oracle]

# %% [markdown]
# ## A network, trained on energies, forces and stress


# %%
class Potential(torch.nn.Module):
    def __init__(self, cutoff, width=16):
        super().__init__()
        self.cutoff = cutoff
        self.register_buffer("centers", torch.linspace(0.5, cutoff, 8))
        self.atom = torch.nn.Sequential(
            torch.nn.Linear(8, width), torch.nn.SiLU(), torch.nn.Linear(width, 1)
        )

    def forward(self, x, cells, batch, pairs):
        r = distances(x, cells, batch, pairs)[:, None]
        bumps = torch.exp(-(((r - self.centers) / 0.3) ** 2)) * envelope(r, self.cutoff)
        seen = bumps.new_zeros(len(x), 8).index_add(0, pairs[0], bumps)
        return total(self.atom(seen).squeeze(1), batch, len(cells))


# --8<-- [start:loss]
def loss_of(potential, data, keep=True):
    x, cells, batch, pairs, E, F, S = data
    energy = lambda x, cells: potential(x, cells, batch, pairs)
    E_theta, F_theta, S_theta = energy_forces_stress(energy, x, cells, batch, True)
    if not keep:  # wrong: a stress without a graph has this value, and no gradient
        S_theta = S_theta.detach()
    terms = [(E_theta - E) / torch.bincount(batch), F_theta - F, S_theta - S]
    return sum(term.square().mean() for term in terms)


# --8<-- [end:loss]
def data_of(seed, sizes):
    x, cells, batch = structures(seed, sizes)
    pairs = neighbors(x, cells, batch, cutoff)
    reference = energy_forces_stress(
        morse(batch, pairs, len(sizes)), x, cells, batch, False
    )
    return x, cells, batch, pairs, *reference


train_set, test_set = data_of(1, [2, 3, 4, 5] * 8), data_of(2, [2, 3, 4, 5] * 4)


def train(seed, keep, steps=80):
    torch.manual_seed(seed)
    potential = Potential(cutoff)
    optimizer = torch.optim.Adam(potential.parameters(), lr=0.02)
    for _ in range(steps):
        optimizer.zero_grad()
        loss_of(potential, train_set, keep).backward()
        optimizer.step()
    x, cells, batch, pairs, *_, S = test_set
    energy = lambda x, cells: potential(x, cells, batch, pairs)
    return (energy_forces_stress(energy, x, cells, batch, False)[2] - S).abs().mean().item()


right = [train(seed, True) for seed in range(3)]
cut = [train(seed, False) for seed in range(3)]
spread = test_set[-1].abs().mean().item()
error_right, error_cut = max(right), min(cut)
print(f"right below 5 % of the mean stress: {error_right < 0.05 * spread}")
#> right below 5 % of the mean stress: True
print(f"cut at least twice as far off: {error_cut > 2 * error_right}")
#> cut at least twice as far off: True

# %%
stress_figure, axes = plt.subplots(figsize=(6.4, 3.2), layout="constrained")
strains = np.linspace(-0.05, 0.05, 21)
pull = torch.diag(torch.tensor([1.0, 0, 0], dtype=torch.float64))
stretched = [morse(batch, pairs, 4)(x + x @ pull * e, cells + cells @ pull * e) for e in strains]
curves = torch.stack(stretched).numpy()
slopes = (S[:, 0, 0] * torch.linalg.det(cells)).numpy()
axes.plot(strains, curves[:, 2], "C0", label="energy of the third cell")
axes.plot(strains, curves[10, 2] + slopes[2] * strains, "C1--", label="its stress, times volume")
axes.set_xlabel("strain along the first axis")
axes.set_ylabel("energy")
axes.legend()

# %% [markdown]
# ## Phonons
#
# The Hessian of the energy in the positions, with fixed pairs. A chain of six atoms with springs
# has the squared frequencies $2 - 2 \cos q$, and nothing holds its atoms across the chain.

# %%
# --8<-- [start:phonons]
chain = torch.zeros(6, 3, dtype=torch.float64)
chain[:, 0] = torch.arange(6)
box = torch.diag(torch.tensor([6.0, 9, 9], dtype=torch.float64))[None]
one = torch.zeros(6, dtype=torch.long)
springs = neighbors(chain, box, one, 1.5)
spring_energy = lambda x: ((distances(x, box, one, springs) - 1) ** 2).sum() / 4
hessian = torch.autograd.functional.hessian(spring_energy, chain).reshape(18, 18)
found = torch.linalg.eigvalsh(hessian)
along = np.sort(2 - 2 * np.cos(2 * np.pi * np.arange(6) / 6))
phonon_error = np.abs(found.numpy() - np.sort(np.append(np.zeros(12), along))).max()
print(f"equal to the closed form: {phonon_error < 1e-12}")
#> equal to the closed form: True
# --8<-- [end:phonons]
