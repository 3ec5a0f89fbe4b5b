# timeout: 120
# uses: recipes/signed_distance/eikonal.py
# %% [markdown]
# # Eikonal loss and signed distance fields
#
# A network learns the signed distance of a shape from points on its outline alone. The shape is a
# capsule, whose distance is known in closed form, so that the error is exact.

# %%
import matplotlib.pyplot as plt
import numpy as np
import torch
from eikonal import difference_gradient, eikonal_loss, field_gradient

# %% [markdown]
# ## The shape, and its distance in closed form


# %%
a, b, radius = torch.tensor([-0.4, -0.2]), torch.tensor([0.4, 0.2]), 0.3


def distance(x):
    along = ((x - a) @ (b - a) / (b - a).square().sum()).clamp(0, 1)
    return (x - a - along[:, None] * (b - a)).norm(dim=1) - radius




def outline(count, generator):
    """Points of the outline: those of the square, each moved by its own distance."""
    x = torch.rand(count, 2, generator=generator) * 2 - 1
    along = ((x - a) @ (b - a) / (b - a).square().sum()).clamp(0, 1)
    foot = a + along[:, None] * (b - a)
    return foot + radius * torch.nn.functional.normalize(x - foot, dim=1)


# %% [markdown]
# ## The field: a circle, and a network that learns what is missing


# %%
class Distance(torch.nn.Module):
    def __init__(self, width=32):
        super().__init__()
        self.net = torch.nn.Sequential(
            torch.nn.Linear(2, width),
            torch.nn.Softplus(beta=10),
            torch.nn.Linear(width, width),
            torch.nn.Softplus(beta=10),
            torch.nn.Linear(width, 1),
        )

    def forward(self, x):
        circle = (x.square().sum(1) + 0.01).sqrt() - 0.5
        return circle + self.net(x).squeeze(1)


# --8<-- [start:train]
def train(seed, loss_of, steps=200):
    torch.manual_seed(seed)
    field = Distance()
    optimizer = torch.optim.Adam(field.parameters(), lr=5e-3)
    slower = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    for _ in range(steps):
        on, off = outline(64, None), torch.rand(64, 2) * 2 - 1
        optimizer.zero_grad()
        loss_of(field, on, off).backward()
        optimizer.step()
        slower.step()
    return field


def right(field, on, off):
    f, g = field_gradient(field, torch.cat([on, off]))
    return f[: len(on)].abs().mean() + 0.1 * eikonal_loss(g)


# --8<-- [end:train]
def by_differences(field, on, off):
    g = difference_gradient(field, torch.cat([on, off]), step=0.01)
    return field(on).abs().mean() + 0.1 * eikonal_loss(g)


def cut(field, on, off):  # wrong: the loss has this value, and another gradient
    f, g = field_gradient(field, torch.cat([on, off]))
    return f[: len(on)].abs().mean() + 0.1 * eikonal_loss(g.detach())


def outline_only(field, on, off):
    return field_gradient(field, torch.cat([on, off]))[0][: len(on)].abs().mean()



# %%
# --8<-- [start:errors]
grid = torch.cartesian_prod(torch.linspace(-1, 1, 41), torch.linspace(-1, 1, 41))
seeds = {right: range(3), cut: range(3), by_differences: range(1)}
fields = {loss: [train(seed, loss) for seed in chosen] for loss, chosen in seeds.items()}
errors = {
    loss.__name__: [(field(grid) - distance(grid)).abs().mean().item() for field in trained]
    for loss, trained in fields.items()
}
errors_right, errors_cut, (error_differences,) = errors.values()
error_right, error_cut = max(errors_right), min(errors_cut)
print(f"right, at most 0.06: {error_right < 0.06}; cut, at least 0.08: {error_cut > 0.08}")
#> right, at most 0.06: True; cut, at least 0.08: True
print(f"by differences, at most 0.06: {error_differences < 0.06}")
#> by differences, at most 0.06: True
alone = train(0, outline_only)
inert = all(map(torch.equal, alone.parameters(), fields[cut][0].parameters()))
print(f"cut equals the outline alone, bit for bit: {inert}")
#> cut equals the outline alone, bit for bit: True
# --8<-- [end:errors]

# %%
levels_figure, both = plt.subplots(1, 2, figsize=(6.4, 3.2), layout="constrained", sharey=True)
line = np.linspace(-1, 1, 41)
for axes, loss in zip(both, (right, cut), strict=True):
    drawn = fields[loss][0](grid).detach().reshape(41, 41).T
    truth = distance(grid).reshape(41, 41).T
    axes.contour(line, line, drawn, np.arange(-0.2, 1, 0.2), colors="C0")
    axes.contour(line, line, truth, np.arange(-0.2, 1, 0.2), colors="C1", linestyles="dashed")
    axes.set_title(loss.__name__)
    axes.set_aspect("equal")

# %% [markdown]
# ## The step of the differences
#
# On a smooth field the error falls with the square of the step, until float32 rounds it away.

# %%
# --8<-- [start:steps]
steps = [0.1, 0.01, 0.001, 0.0001]
points = torch.rand(200, 2, generator=torch.Generator().manual_seed(0)) * 2 - 1
waves = lambda x: torch.sin(4 * x).sum(1)
off = [
    (difference_gradient(waves, points, step) - 4 * torch.cos(4 * points)).abs().max().item()
    for step in steps
]
print([f"{error:.0e}" for error in off[:2]])
#> ['1e-01', '1e-03']
print(f"a step of {steps[3]} is worse than {steps[2]}: {off[3] > 2 * off[2]}")
#> a step of 0.0001 is worse than 0.001: True
# --8<-- [end:steps]
