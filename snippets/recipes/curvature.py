# uses: recipes/curvature/curvature_products.py
# timeout: 60
# %% [markdown]
# # Gauss-Newton, Fisher and natural gradient
#
# Four matrices that are called curvature, of one small network: the Hessian of the loss, the
# Gauss-Newton matrix, the Fisher matrix and the empirical Fisher matrix. Then what a step and a
# diagonal estimate make of them. The products come from `curvature_products.py`, which stands on
# the page as a file to copy.

# %%
import matplotlib.pyplot as plt
import torch
from curvature_products import diagonal, gauss_newton, hessian, solve
from sklearn.datasets import load_iris
from sklearn.preprocessing import scale
from torch.nn.functional import cross_entropy, kl_div

torch.manual_seed(0)
inputs, labels = load_iris(return_X_y=True)
inputs, labels = torch.from_numpy(scale(inputs)), torch.from_numpy(labels)
net = torch.nn.Sequential(torch.nn.Linear(4, 3), torch.nn.Tanh(), torch.nn.Linear(3, 3))
net = net.double()
params = list(net.parameters())
size = sum(p.numel() for p in params)

# %% [markdown]
# ## Rows of the matrices
#
# The whole matrix, a row for each unit vector. Fisher matrix and empirical Fisher matrix are made
# from their definitions, with the gradient of each sample's log-probabilities.


# %%
def flat(tensors):
    return torch.cat([one.flatten() for one in tensors])


def unflat(vector):
    parts = vector.split([p.numel() for p in params])
    return [part.view_as(p) for part, p in zip(parts, params)]


def matrix(product):
    rows = torch.eye(size, dtype=torch.float64)
    return torch.stack([flat(product(unflat(row))) for row in rows])


def scores():
    """The gradient of log p(label) for each sample and each label."""
    logs = torch.log_softmax(net(inputs), 1)
    units = torch.eye(450, dtype=torch.float64)
    each = torch.autograd.grad(logs.flatten(), params, units, is_grads_batched=True)
    return logs.exp().detach(), torch.cat([one.flatten(1) for one in each], 1).view(150, 3, size)


def matrices():
    outputs = net(inputs)
    loss = cross_entropy(outputs, labels)
    p, each = scores()
    observed = each[torch.arange(150), labels]
    return {
        "Hessian": matrix(hessian(loss, params)),
        "Gauss-Newton": matrix(gauss_newton(loss, outputs, params)),
        "Fisher": torch.einsum("nk,nki,nkj->ij", p, each, each) / 150,
        "empirical Fisher": observed.T @ observed / 150,
    }


# %% [markdown]
# ## Natural gradient


# %%
# --8<-- [start:step]
def natural_gradient_step(damping=1e-2):
    outputs = net(inputs)
    loss = cross_entropy(outputs, labels)
    g = torch.autograd.grad(loss, params, retain_graph=True)
    # --8<-- [mark]
    step = solve(gauss_newton(loss, outputs, params), g, damping)
    with torch.no_grad():
        for p, s in zip(params, step):
            p -= s
    return loss.item()


# --8<-- [end:step]


def off(found, truth):
    return ((found - truth).norm() / truth.norm()).item()


# --8<-- [start:compare]
stages = []
for steps in (0, 5, 15):
    losses = [natural_gradient_step() for _ in range(steps)]
    stages.append(matrices())
    H, G, F, E = stages[-1].values()
    loss = cross_entropy(net(inputs), labels).item()
    negative = (torch.linalg.eigvalsh(H) < -1e-10).sum().item()
    print(f"loss {loss:.3f}, negative eigenvalues of H: {negative}")
    print(f"  off from H: Gauss-Newton {off(G, H):.2f}, empirical {off(E, H):.2f}")
#> loss 1.219, negative eigenvalues of H: 12
#>   off from H: Gauss-Newton 0.95, empirical 0.96
#> loss 0.061, negative eigenvalues of H: 2
#>   off from H: Gauss-Newton 0.11, empirical 0.43
#> loss 0.039, negative eigenvalues of H: 2
#>   off from H: Gauss-Newton 0.02, empirical 0.23
# --8<-- [end:compare]
hessians = [stage["Hessian"] for stage in stages]
negatives = [(torch.linalg.eigvalsh(H) < -1e-10).sum().item() for H in hessians]
gauss_newton_off = [off(stage["Gauss-Newton"], stage["Hessian"]) for stage in stages]
empirical_off = [off(stage["empirical Fisher"], stage["Hessian"]) for stage in stages]
fisher_error = max(off(stage["Fisher"], stage["Gauss-Newton"]) for stage in stages)
print(f"Fisher is Gauss-Newton: {fisher_error < 1e-12}")
#> Fisher is Gauss-Newton: True

# %%
matrix_figure, panels = plt.subplots(1, 4, figsize=(6.4, 2.0), layout="constrained")
reach = stages[1]["Hessian"].abs().max()
for axes, (name, values) in zip(panels, stages[1].items()):
    alpha = 0.99 if name == "Fisher" else 1  # the same picture twice would have one name
    shade = (values / reach).sign() * (values / reach).abs().sqrt()
    axes.pcolormesh(shade.numpy()[::-1], vmin=-1, vmax=1, cmap="RdBu", alpha=alpha, rasterized=True)
    axes.set_title(name, fontsize="small")
    axes.set_xticks([])
    axes.set_yticks([])
    axes.set_aspect("equal")

# %% [markdown]
# ## The KL to oneself
#
# The divergence from the detached outputs to the outputs is zero, and so is its gradient. Its
# Hessian is the Fisher matrix, in whichever direction the divergence is taken.

# %%
torch.manual_seed(1)
net = torch.nn.Sequential(torch.nn.Linear(4, 3), torch.nn.Tanh(), torch.nn.Linear(3, 3)).double()
params = list(net.parameters())
outputs = net(inputs)
new = torch.log_softmax(outputs, 1)
old = new.detach()
# --8<-- [start:kl]
forward_kl = kl_div(new, old, reduction="batchmean", log_target=True)  # KL(old, new)
backward_kl = kl_div(old, new, reduction="batchmean", log_target=True)  # KL(new, old)
G = matrix(gauss_newton(cross_entropy(outputs, labels), outputs, params))
kl_errors = [off(matrix(hessian(kl, params)), G) for kl in (forward_kl, backward_kl)]
print(f"both Hessians are the Fisher matrix: {max(kl_errors) < 1e-12}")
#> both Hessians are the Fisher matrix: True
# --8<-- [end:kl]

# %% [markdown]
# ## A step of a given length
#
# TRPO asks for a step along the natural gradient whose divergence is `radius`. What the step
# really moves the outputs by is measured, and for the empirical Fisher matrix as well.


# %%
def moved(step):
    """The divergence from the outputs before to those after a step."""
    there = torch.nn.utils.parameters_to_vector(params).detach() - step
    named = dict(zip((name for name, _ in net.named_parameters()), unflat(there)))
    after = torch.log_softmax(torch.func.functional_call(net, named, (inputs,)), 1)
    return kl_div(after, old, reduction="batchmean", log_target=True).item()


def of_length(C, radius):
    x = torch.linalg.solve(C + 1e-3 * torch.eye(size), g)
    return (2 * radius / (x @ C @ x)).sqrt() * x


# --8<-- [start:radius]
g = flat(torch.autograd.grad(cross_entropy(net(inputs), labels), params))
E = matrices()["empirical Fisher"]
radii = (0.0001, 0.001, 0.01)
by_fisher = [moved(of_length(G, radius)) / radius for radius in radii]
by_empirical = [moved(of_length(E, radius)) / radius for radius in radii]
print([round(ratio, 2) for ratio in by_fisher])
#> [1.0, 1.09, 1.49]
print([round(ratio, 2) for ratio in by_empirical])
#> [1.84, 1.56, 1.03]
# --8<-- [end:radius]
long_step = by_fisher[-1]

# %% [markdown]
# ## Diagonals
#
# Hutchinson's estimate of the diagonal (AdaHessian, Sophia-H), of the Hessian and of the
# Gauss-Newton matrix, and the estimate of Sophia-G: the batch size times the squared gradient,
# with labels drawn from the network itself. Then the same square with the labels of the data.


# %%
def squared_gradient(drawn):
    """The batch size times the squared gradient of the mean loss."""
    return 150 * flat(torch.autograd.grad(cross_entropy(net(inputs), drawn), params)) ** 2


def drawn():
    return torch.distributions.Categorical(logits=net(inputs)).sample()


# --8<-- [start:diagonals]
torch.manual_seed(0)
outputs = net(inputs)
loss = cross_entropy(outputs, labels)
of_H, of_G = hessian(loss, params), gauss_newton(loss, outputs, params)
diagonal_H, diagonal_G = matrix(of_H).diagonal(), matrix(of_G).diagonal()
hutchinson_H, hutchinson_G, sophia_G = [], [], []
for samples in (1, 10, 100):
    hutchinson_H.append(off(flat(diagonal(of_H, params, samples)), diagonal_H))
    hutchinson_G.append(off(flat(diagonal(of_G, params, samples)), diagonal_G))
    squares = [squared_gradient(drawn()) for _ in range(samples)]
    sophia_G.append(off(sum(squares) / samples, diagonal_G))
for errors in (hutchinson_H, hutchinson_G, sophia_G):
    print([round(error, 2) for error in errors])
#> [4.45, 1.18, 0.54]
#> [1.26, 0.55, 0.11]
#> [0.68, 0.16, 0.09]
# --8<-- [end:diagonals]
observed_G = off(squared_gradient(labels), diagonal_G)
print(f"with the labels of the data: {observed_G:.1f}")
#> with the labels of the data: 16.9
