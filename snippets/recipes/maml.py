# timeout: 120
# %% [markdown]
# # MAML
#
# A start is trained so that one gradient step from it fits a new task well. The loss after the
# step is differentiated through the step, which holds a gradient.

# %%
import math
import weakref
from collections.abc import Callable

import matplotlib.pyplot as plt
import numpy as np
import torch
from torch.func import functional_call, stack_module_state, vmap

torch.set_default_dtype(torch.float64)  # for the checks; what is to be copied follows its inputs


# %% [markdown]
# ## The inner loop
#
# `losses_of` maps weights to one loss for each task. Every task has a copy of each weight, along
# the first dimension, and a loss depends on its own task's copy alone. So the gradient of the sum
# holds the gradient of each.


# %%
# --8<-- [start:adapt]
def adapt(
    weights: dict[str, torch.Tensor],
    losses_of: Callable,
    steps: int,
    alpha: float,
    create_graph: bool,
) -> dict[str, torch.Tensor]:
    """Return the weights after steps of size alpha: MAML's with create_graph, else first order's.

    The first dimension of a weight counts tasks, and ``losses_of`` maps weights to one loss each.
    Raises ValueError for losses of another shape, whose sum would be another step, and
    RuntimeError for a weight that no loss depends on. Finn et al. 2017, equation 1.
    """
    for _ in range(steps):
        losses, tasks = losses_of(weights), len(next(iter(weights.values())))
        if losses.shape != (tasks,):
            raise ValueError(f"losses are {tuple(losses.shape)}: one for each of {tasks} tasks")
        gradients = torch.autograd.grad(
            losses.sum(), list(weights.values()), create_graph=create_graph
        )
        pairs = zip(weights.items(), gradients, strict=True)
        weights = {name: weight - alpha * gradient for (name, weight), gradient in pairs}
    return weights


# --8<-- [end:adapt]

# %% [markdown]
# ## Quadratic tasks, where everything is known
#
# Task $k$ has the loss $\frac12 (\theta - m_k)^T A_k (\theta - m_k)$.

# %%
# --8<-- [start:quadratics]
A = torch.tensor([[[1.0, 0.0], [0.0, 1.0]], [[7.0, 2.0], [2.0, 2.0]], [[2.0, -2.0], [-2.0, 6.0]]])
m = torch.tensor([[-1.0, -1.0], [2.0, 0.0], [0.0, 2.0]])
alpha, steps = 0.1, 2


def losses_of(weights):
    d = weights["theta"] - m
    return torch.einsum("ki,kij,kj->k", d, A, d) / 2


def outer_loss(theta, steps, create_graph):
    copies = {"theta": theta.expand(3, 2)}
    return losses_of(adapt(copies, losses_of, steps, alpha, create_graph)).sum()


def outer_gradient(theta, steps, create_graph):
    theta = theta.detach().requires_grad_()
    return torch.autograd.grad(outer_loss(theta, steps, create_graph), theta)[0]


# --8<-- [end:quadratics]

# %% [markdown]
# The oracle, in NumPy: with $P_k = (I - \alpha A_k)^K$, the step is linear, and so are the
# gradients. MAML's is $\sum_k P_k A_k P_k (\theta - m_k)$, and first order forgets the left $P_k$.

# %%
# --8<-- [start:oracle]
P = [np.linalg.matrix_power(np.eye(2) - alpha * A_k, steps) for A_k in A.numpy()]
B = {
    "joint": A.numpy(),
    "first order": np.array([A_k @ P_k for A_k, P_k in zip(A.numpy(), P, strict=True)]),
    "MAML": np.array([P_k @ A_k @ P_k for A_k, P_k in zip(A.numpy(), P, strict=True)]),
}
optima = {
    name: np.linalg.solve(B_k.sum(axis=0), np.einsum("kij,kj->i", B_k, m.numpy()))
    for name, B_k in B.items()
}
# --8<-- [end:oracle]

# %% [markdown]
# Three descents from the same place, each with its own gradient: joint training takes no inner
# step, and first order is the one without `create_graph`.

# %%
settings = {"joint": (0, False), "first order": (steps, False), "MAML": (steps, True)}
first = torch.tensor([-2.0, 2.0])
of_joint, of_first_order, of_maml = (
    outer_gradient(first, *setting).tolist() for setting in settings.values()
)


# --8<-- [start:descend]
paths, off, after = {}, {}, {}
for name, setting in settings.items():
    theta, paths[name] = first, []
    for _ in range(1000):
        paths[name].append(theta.tolist())
        theta = theta - 0.05 * outer_gradient(theta, *setting)
    off[name] = np.abs(theta.numpy() - optima[name]).max().item()
    after[name] = outer_loss(theta.requires_grad_(), steps, create_graph=False).item()
    print(f"{name:11} at its optimum: {off[name] < 1e-14}, loss after adapting: {after[name]:.3f}")
#> joint       at its optimum: True, loss after adapting: 5.107
#> first order at its optimum: True, loss after adapting: 1.298
#> MAML        at its optimum: True, loss after adapting: 0.978
# --8<-- [end:descend]
optimum_maml, optimum_first_order = optima["MAML"].tolist(), optima["first order"].tolist()
off_maml, off_first_order = off["MAML"], np.abs(optima["MAML"] - optima["first order"]).max()
after_joint, after_first_order, after_maml = after.values()
assert off_first_order > 0.1

# %%
paths_figure, axes = plt.subplots(figsize=(6.4, 3.6), layout="constrained")
x, y = np.meshgrid(np.linspace(-2.4, 2.2, 61), np.linspace(-1.4, 2.4, 61))
loss = 0
for A_k, P_k, m_k in zip(A.numpy(), P, m.numpy(), strict=True):
    d = np.stack([x, y], axis=-1) - m_k
    loss = loss + np.einsum("...i,ij,...j->...", d, P_k @ A_k @ P_k, d) / 2
axes.contour(x, y, loss, levels=[1, 1.5, 2, 3, 4, 5, 6, 8, 10], colors="C2", linewidths=0.7)
for (name, path), color in zip(paths.items(), ["C3", "C1", "C0"], strict=True):
    axes.plot(*np.transpose(path), color)
    axes.plot(*path[-1], color + "o")
    axes.annotate(name, path[-1], xytext=(8, -14), textcoords="offset points", color=color)
axes.set_xlabel(r"$\theta_1$")
axes.set_ylabel(r"$\theta_2$")

# %% [markdown]
# ## The sinusoid of the paper
#
# A task is a sine of random amplitude and phase, known at ten points. A network with two hidden
# layers of 40 ReLU units takes one step, and is judged on ten other points. The step has
# size 0.01. <!-- constant: Finn et al. 2017, section 5.1 -->


# %%
def draw(count, generator):
    amplitude = 0.1 + 4.9 * torch.rand(count, 1, 1, generator=generator)
    phase = math.pi * torch.rand(count, 1, 1, generator=generator)
    x = 10 * torch.rand(count, 20, 1, generator=generator) - 5
    y = amplitude * torch.sin(x - phase)
    return (x[:, :10], y[:, :10]), (x[:, 10:], y[:, 10:])


# --8<-- [start:network]
def network(seed):
    torch.manual_seed(seed)
    first, second, last = torch.nn.Linear(1, 40), torch.nn.Linear(40, 40), torch.nn.Linear(40, 1)
    return torch.nn.Sequential(first, torch.nn.ReLU(), second, torch.nn.ReLU(), last)


net = network(0)
predict = vmap(lambda weights, x: functional_call(net, weights, x))


def errors_on(points):
    x, y = points
    return lambda weights: (predict(weights, x) - y).pow(2).mean(dim=(1, 2))


# --8<-- [end:network]


# --8<-- [start:outer]
def outer_errors(start, tasks, steps, create_graph, alpha=0.01):
    to_adapt, to_judge = tasks
    count = len(to_adapt[0]) // len(start["0.bias"])
    copies = {name: weight.repeat_interleave(count, dim=0) for name, weight in start.items()}
    adapted = adapt(copies, errors_on(to_adapt), steps, alpha, create_graph)
    return errors_on(to_judge)(adapted)


# --8<-- [end:outer]

# %% [markdown]
# The oracle for the network: how fast the outer loss changes along a random direction of the
# weights, by a central difference of the loss itself.

# %%
# --8<-- [start:slope]
start, _ = stack_module_state([net])
tasks = draw(25, torch.Generator().manual_seed(0))
direction = {name: torch.randn_like(weight) for name, weight in start.items()}


def loss_at(distance):
    moved = {name: weight + distance * direction[name] for name, weight in start.items()}
    return outer_errors(moved, tasks, 1, create_graph=False).mean().item()


def slope(create_graph):
    loss = outer_errors(start, tasks, 1, create_graph).mean()
    gradients = torch.autograd.grad(loss, list(start.values()))
    return sum((g * v).sum() for g, v in zip(gradients, direction.values(), strict=True)).item()


slope_difference = (loss_at(1e-7) - loss_at(-1e-7)) / 2e-7
slope_maml, slope_first_order = slope(create_graph=True), slope(create_graph=False)
print(f"difference: {slope_difference:.4f}, MAML: {slope_maml:.4f}")
#> difference: 1.1583, MAML: 1.1583
print(f"first order: {slope_first_order:.4f}")
#> first order: 1.0691
# --8<-- [end:slope]
assert abs(slope_maml / slope_difference - 1) < 1e-6
assert abs(slope_first_order / slope_difference - 1) > 0.01

# %% [markdown]
# Five trainings of each kind, from five seeds. They run at the same time: the weights of all five
# networks are stacked, and each has its own tasks.


# %%
# --8<-- [start:train]
seeds, iterations = range(5), 600
test_tasks = draw(5 * 100, torch.Generator().manual_seed(2))


def train(steps, create_graph):
    start, _ = stack_module_state([network(seed) for seed in seeds])
    optimizer = torch.optim.Adam(start.values(), lr=0.01)
    slower = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, iterations)
    generator, history = torch.Generator().manual_seed(1), []
    for iteration in range(1, iterations + 1):
        tasks = draw(5 * 10, generator)
        errors = outer_errors(start, tasks, steps, create_graph)
        optimizer.zero_grad()
        (errors.sum() / 10).backward()
        optimizer.step()
        slower.step()
        if iteration % 30 == 0:
            history.append(test_errors(start, 1))
    return start, history


# --8<-- [end:train]


def test_errors(start, steps, alpha=0.01):
    errors = outer_errors(start, test_tasks, steps, create_graph=False, alpha=alpha).detach()
    return errors.reshape(5, 100).mean(dim=1).tolist()


# --8<-- [start:errors]
runs = {"joint": train(0, False), "first order": train(1, False), "MAML": train(1, True)}
found = {name: history[-1] for name, (_, history) in runs.items()}
found["joint, best step"] = np.min(
    [test_errors(runs["joint"][0], 1, a) for a in np.geomspace(0.005, 0.2, 9)], axis=0
).tolist()
for name, errors in found.items():
    print(f"{name:16} {np.mean(errors):.2f} (from {min(errors):.2f} to {max(errors):.2f})")
#> joint            2.59 (from 2.40 to 2.93)
#> first order      1.74 (from 1.33 to 1.97)
#> MAML             1.00 (from 0.85 to 1.30)
#> joint, best step 2.36 (from 2.12 to 2.72)
# --8<-- [end:errors]
trios = zip(found["MAML"], found["first order"], found["joint, best step"], strict=True)
assert all(maml < first < joint for maml, first, joint in trios)  # from each seed
mean_joint, mean_first_order, mean_maml, mean_best = (np.mean(errors) for errors in found.values())
errors_joint, errors_first_order, errors_maml, errors_best = found.values()
five = [np.mean(test_errors(start, 5)).item() for start, _ in runs.values()]
print("after five such steps:", [round(error, 1) for error in five])
#> after five such steps: [2.0, 1.2, 0.6]

# %%
error_figure, axes = plt.subplots(figsize=(6.4, 3.2), layout="constrained")
styles = {"joint": "C3", "first order": "C1", "MAML": "C0"}
for name, color in styles.items():
    histories = np.array(runs[name][1])
    axes.plot(range(30, 601, 30), histories.mean(axis=1), color, label=name)
    low, high = histories.min(axis=1), histories.max(axis=1)
    axes.fill_between(range(30, 601, 30), low, high, color=color, alpha=0.2, linewidth=0)
axes.set_xlabel("iteration of training")
axes.set_ylabel("test error after one step")
axes.set_ylim(0, None)
axes.legend()

# %% [markdown]
# One new sine, before the step and after it, for the first seed.

# %%
sine_figure, axes = plt.subplots(1, 2, figsize=(6.4, 3.2), sharey=True, layout="constrained")
x = torch.linspace(-5, 5, 101).reshape(1, 101, 1)
points = torch.linspace(-4.5, 4.5, 10).reshape(1, 10, 1)
for panel, name in zip(axes, ["first order", "MAML"], strict=True):
    weights = {key: weight[:1] for key, weight in runs[name][0].items()}
    adapted = adapt(weights, errors_on((points, 3 * torch.sin(points))), 1, 0.01, False)
    panel.plot(x.flatten(), 3 * torch.sin(x).flatten(), "C2", label="the task")
    panel.plot(points.flatten(), 3 * torch.sin(points).flatten(), "C2o")
    panel.plot(x.flatten(), predict(weights, x).detach().flatten(), "C4:", label="start")
    panel.plot(x.flatten(), predict(adapted, x).detach().flatten(), "C0", label="one step later")
    panel.set_title(name)
    panel.set_xlabel("x")
axes[0].set_ylabel("y")
sine_figure.legend(*axes[0].get_legend_handles_labels(), loc="outside upper right", ncols=3)

# %% [markdown]
# ## Memory by inner steps
#
# What autograd keeps for the outer gradient, counted by hooks on saved tensors.

# %%
# --8<-- [start:memory]
alive = weakref.WeakSet()


class Saved:
    def __init__(self, tensor):
        self.tensor = tensor.detach()
        alive.add(self)


def mib_kept(steps, create_graph):
    with torch.autograd.graph.saved_tensors_hooks(Saved, lambda saved: saved.tensor):
        errors = outer_errors(start, tasks, steps, create_graph)
    kept = {saved.tensor.data_ptr(): saved.tensor.nbytes for saved in alive}
    assert errors.requires_grad  # while it lives, so does its graph
    return sum(kept.values()) / 2**20


inner_steps = [0, 1, 2, 4, 8]
mib_maml = [mib_kept(k, create_graph=True) for k in inner_steps]
mib_first_order = [mib_kept(k, create_graph=False) for k in inner_steps]
print("MAML:       ", [round(mib, 1) for mib in mib_maml])
#> MAML:        [0.5, 1.0, 1.6, 2.7, 4.9]
print("first order:", [round(mib, 1) for mib in mib_first_order])
#> first order: [0.5, 0.5, 0.5, 0.5, 0.5]
# --8<-- [end:memory]
