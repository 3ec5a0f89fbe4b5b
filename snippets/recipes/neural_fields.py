# timeout: 120
# uses: recipes/signed_distance/eikonal.py, recipes/neural_fields/encoding.py
# %% [markdown]
# # Normals of a hash grid, and an image from its gradient
#
# A hash grid learns a disc from noisy distances, and its normals are read off by autograd and by
# differences. A loss on normals is checked, and a small network is fitted to the gradient of a
# picture, in the units of its coordinates and in pixels.

# %%
import matplotlib.pyplot as plt
import torch
from eikonal import difference_gradient, field_gradient
from encoding import HashGrid
from torch.nn.functional import cosine_similarity

# %% [markdown]
# ## Normals
#
# The field is trained on distances to the disc with noise in them, as a density or a surface from
# photographs has. How far are the normals from those of the disc?


# %%
class Field(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.grid, self.last = HashGrid((8, 16, 32)), torch.nn.Linear(6, 1)

    def forward(self, x):
        return self.last(self.grid(x)).squeeze(1)


center = torch.tensor([0.5, 0.5])


def noisy(count, noise=0.02):
    x = torch.rand(count, 2)
    return x, (x - center).norm(dim=1) - 0.3 + noise * torch.randn(count)


# --8<-- [start:normals]
def train(seed, steps=300):
    torch.manual_seed(seed)
    field = Field()
    optimizer = torch.optim.Adam(field.parameters(), lr=0.02)
    for _ in range(steps):
        x, distance = noisy(512)
        optimizer.zero_grad()
        (field(x) - distance).square().mean().backward()
        optimizer.step()
    return field


def degrees(gradient, x):
    cosine = cosine_similarity(gradient, x - center).clamp(-1, 1)
    return cosine.acos().rad2deg().mean().item()


angle = 2 * torch.pi * torch.arange(500) / 500
rim = center + 0.3 * torch.stack([angle.cos(), angle.sin()], 1)
cells, off_autograd, off_differences = [0.1, 0.5, 1, 2], [], []
for seed in range(3):
    field = train(seed)
    off_autograd.append(degrees(field_gradient(field, rim)[1], rim))
    found = [difference_gradient(field, rim, cell / 32) for cell in cells]
    off_differences.append([degrees(gradient, rim) for gradient in found])
pairs = zip(off_autograd, off_differences, strict=True)
nearer = [wide[2] < 2 / 3 * sharp for sharp, wide in pairs]
print(f"a step of one cell is nearer by a third: {nearer}")
#> a step of one cell is nearer by a third: [True, True, True]
falling = [wide == sorted(wide)[::-1] for wide in off_differences]
print(f"wider is better here: {falling}")
#> wider is better here: [True, True, True]
# --8<-- [end:normals]

# %% [markdown]
# ## A loss on normals
#
# Its gradient with respect to the tables is a mixed second derivative. It is compared with a
# difference of losses along a random direction of the tables, in float64, and so is that of the
# loss by differences, which needs none.


# %%
# --8<-- [start:slopes]
def by_autograd(field):
    _, gradient = field_gradient(field, rim.double())
    return (1 - cosine_similarity(gradient, outward)).mean()


def by_differences(field):
    gradient = difference_gradient(field, rim.double(), step=1 / 32)
    return (1 - cosine_similarity(gradient, outward)).mean()


def moved(field, loss_of, step):
    with torch.no_grad():
        field.grid.tables += step * direction
        loss = loss_of(field).item()
        field.grid.tables -= step * direction
    return loss


outward, field = (rim - center).double(), field.double()
direction = torch.randn(field.grid.tables.shape, dtype=torch.float64)
slopes, differences = [], []
for loss_of in (by_autograd, by_differences):
    (gradient,) = torch.autograd.grad(loss_of(field), field.grid.tables)
    slopes.append((gradient * direction).sum().item())
    differences.append(
        (moved(field, loss_of, 1e-6) - moved(field, loss_of, -1e-6)) / 2e-6
    )
pairs = zip(slopes, differences, strict=True)
off_slope = max(abs(slope / difference - 1) for slope, difference in pairs)
print(f"both slopes are right: {off_slope < 1e-6}")
#> both slopes are right: True
# --8<-- [end:slopes]

# %% [markdown]
# ## A picture from its gradient
#
# A small SIREN is fitted to the differences of a row of pixels, once per unit of its coordinates,
# and once per pixel. The second finds a picture, too, and it is flat.


# %%
# --8<-- [start:units]
class Sine(torch.nn.Module):
    def forward(self, z):
        return torch.sin(30 * z)


def siren(seed, width=32):
    torch.manual_seed(seed)
    sizes = (1, width), (width, width), (width, 1)
    first, second, last = (torch.nn.Linear(*size) for size in sizes)
    bound = (6 / width) ** 0.5 / 30
    with torch.no_grad():
        first.weight.uniform_(-1, 1)
        for layer in (second, last):
            layer.weight.uniform_(-bound, bound)
    return torch.nn.Sequential(first, Sine(), second, Sine(), last)


pixels = 101
row = torch.linspace(-1, 1, pixels)[:, None]
picture = torch.sin(9 * row) + row**2
per_pixel = (picture[2:] - picture[:-2]) / 2


def fitted(target, seed, steps=300):
    net = siren(seed)
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
    for _ in range(steps):
        _, slope = field_gradient(net, row[1:-1])
        loss = (slope - target).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    found = net(row).detach()
    return found - found.mean()


targets = (pixels - 1) / 2 * per_pixel, per_pixel
pictures = [[fitted(target, seed) for target in targets] for seed in range(3)]
wanted = picture - picture.mean()
off_units, contrast = [], []
for right, flat in pictures:
    off_units.append(((right - wanted).norm() / wanted.norm()).item())
    contrast.append((flat.std() / wanted.std()).item())
print(f"per unit, within five percent: {max(off_units) < 0.05}")
#> per unit, within five percent: True
times_50 = [round(50 * part, 1) for part in contrast]
print(f"per pixel, a fiftieth of the contrast: {times_50}")
#> per pixel, a fiftieth of the contrast: [1.0, 1.0, 1.0]
# --8<-- [end:units]

# %%
fields_figure, (left, right) = plt.subplots(1, 2, figsize=(6.4, 3.2), layout="constrained")
for sharp, wide in zip(off_autograd, off_differences, strict=True):
    left.semilogx(cells, wide, "C0o-")
    left.axhline(sharp, color="C3")
left.set_xlabel("step of the differences, in cells")
left.set_ylabel("mean angle of the normals, degrees")
left.set_ylim(0, None)
right.plot(row, wanted, "C2", linewidth=4, alpha=0.4, label="picture")
for found, color, label in zip(pictures[0], ("C0", "C3"), ("per unit", "per pixel"), strict=True):
    right.plot(row, found, color, label=label)
right.set_xlabel("coordinate")
right.legend()
