# timeout: 120
# uses: recipes/library_potentials/hessian.py
# %% [markdown]
# # A Hessian from forces, and a term without a second derivative
#
# A potential of six atoms is a network of their distances and a dispersion term, whose kernel has
# one derivative, as many have in libraries. Its Hessian is taken by differences of its forces, in
# two precisions, and by autograd, with the term and without.

# %%
import matplotlib.pyplot as plt
import torch
from hessian import hessian_of_forces

# %% [markdown]
# ## The potential


# %%
class Dispersion(torch.autograd.Function):  # stands for a kernel with tables
    @staticmethod
    def forward(ctx, r):
        ctx.slope = (6 * r**-7).detach()
        return -(r**-6)

    @staticmethod
    def backward(ctx, outer):
        return outer * ctx.slope


def plain(r):  # the same, with all derivatives
    return -(r**-6)


class Potential(torch.nn.Module):
    def __init__(self):
        super().__init__()
        layers = torch.nn.Linear(1, 16), torch.nn.SiLU(), torch.nn.Linear(16, 1)
        self.net = torch.nn.Sequential(*layers)

    def forward(self, R, dispersion):
        i, j = torch.triu_indices(len(R), len(R), offset=1)
        r = (R[i] - R[j]).norm(dim=1)
        return 10 * self.net(r[:, None]).sum() + dispersion(r).sum()


def forces(model, R, dispersion=Dispersion.apply, **options):
    R = R if R.requires_grad else R.detach().requires_grad_()
    return -torch.autograd.grad(model(R, dispersion), R, **options)[0]


torch.manual_seed(0)
model = Potential().double()
corners = torch.cat([torch.eye(3), -torch.eye(3)]).double()
R = corners + 0.1 * torch.randn(6, 3, dtype=torch.float64)
exact = torch.autograd.functional.hessian(lambda R: model(R, plain), R).reshape(18, 18)

# %% [markdown]
# ## Differences of forces, and their step

# %%
# --8<-- [start:steps]
steps = [1e-1, 3e-2, 1e-2, 3e-3, 1e-3, 3e-4, 1e-4]
errors = []
for dtype in (torch.float64, torch.float32):
    model.to(dtype)
    ours = lambda R: forces(model, R)
    found = [hessian_of_forces(ours, R.to(dtype), step) for step in steps]
    errors.append([((H - exact).norm() / exact.norm()).item() for H in found])
double, single = errors
best64, best32 = min(double), min(single)
print(f"float64, to seven digits: {best64 < 1e-7}")
#> float64, to seven digits: True
best = steps[single.index(best32)]
print(f"float32, to four digits: {best32 < 1e-4}, with a step of {best}")
#> float32, to four digits: True, with a step of 0.003
# --8<-- [end:steps]
model.double()

# %%
steps_figure, axes = plt.subplots(figsize=(6.4, 3.2), layout="constrained")
for color, found, label in (("C0", double, "float64"), ("C3", single, "float32")):
    axes.loglog(steps, found, color + "o-", label=label)
axes.set_xlabel("step, in units of the atoms' distance")
axes.set_ylabel("relative error of the Hessian")
axes.legend()

# %% [markdown]
# ## By autograd
#
# In the Hessian, the curvature of the kernel is missing, and only what the distances' own curvature
# makes of its force is there. So the term is left out, and its whole part is added by differences.


# %%
# --8<-- [start:parts]
def rows(f, R):
    each = [torch.autograd.grad(-one, R, retain_graph=True) for one in f.flatten()]
    return torch.stack([row for (row,) in each])


def by_autograd(dispersion):
    x = R.clone().requires_grad_()
    f = forces(model, x, dispersion, create_graph=True)
    return rows(f, x).reshape(18, 18)


def nothing(r):
    return 0 * r


def of_kernel(R):
    return forces(model, R) - forces(model, R, nothing)


cut, without = by_autograd(Dispersion.apply), by_autograd(nothing)
whole = without + hessian_of_forces(of_kernel, R, step=1e-4)
off_cut, off_whole = (
    ((H - exact).norm() / exact.norm()).item() for H in (cut, whole)
)
print(f"cut, off by more than half: {off_cut > 0.5}")
#> cut, off by more than half: True
print(f"whole, right to six digits: {off_whole < 1e-6}")
#> whole, right to six digits: True
# --8<-- [end:parts]

# %% [markdown]
# ## Trained on forces
#
# The kernel has no weights, so its forces are constants of the training: the gradient of a loss on
# forces is right with it, as a difference of losses says.


# %%
def loss_on(model, **options):
    return (forces(model, R, **options) - target).square().mean()


target = torch.zeros_like(R)
weights = list(model.parameters())[:-1]  # no force depends on the last bias
gradients = torch.autograd.grad(loss_on(model, create_graph=True), weights)
way = [torch.randn_like(weight) for weight in weights]
slope = sum((g * d).sum() for g, d in zip(gradients, way, strict=True)).item()
losses = []
for step in (1e-6, -2e-6):
    with torch.no_grad():
        for weight, d in zip(weights, way, strict=True):
            weight += step * d
    losses.append(loss_on(model).item())
difference = (losses[0] - losses[1]) / 2e-6
print(f"right to six digits: {abs(slope / difference - 1) < 1e-6}")
#> right to six digits: True
