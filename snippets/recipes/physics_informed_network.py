# timeout: 600
# %% [markdown]
# # Physics-informed networks
#
# A network is trained to satisfy a differential equation: the derivatives of its output by its
# input stand in the loss. Decay, a damped oscillator, heat and Burgers' equation, each against its
# exact solution, at points most of which the training does not see.

# %%
import math

import matplotlib.pyplot as plt
import numpy as np
import torch

torch.set_default_dtype(torch.float64)  # for the checks; what is to be copied follows its inputs


# %%
# --8<-- [start:derivative]
def derivative(u: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """Return du/dx at each point, with its graph, for u and x of the shape (points, 1).

    A value may depend on its own point only. Raises ValueError for several outputs or coordinates,
    whose derivatives the sum would add up: give one column at a time.
    """
    if u.shape != x.shape or u.dim() != 2 or u.shape[1] != 1:
        raise ValueError(f"u is {tuple(u.shape)}, x is {tuple(x.shape)}: both must be (points, 1)")
    (du_dx,) = torch.autograd.grad(u.sum(), x, create_graph=True)
    return du_dx


# --8<-- [end:derivative]


# %% [markdown]
# Two hidden layers of 16 units. The first layer is steep, and its units bend at random points of
# the domain, so that training does not begin with a straight line.


# %%
# --8<-- [start:network]
def network(seed, low, high, activation=torch.nn.Tanh, width=16):
    torch.manual_seed(seed)
    low, high = torch.tensor(low), torch.tensor(high)
    sizes = [(len(low), width), (width, width), (width, 1)]
    first, second, last = (torch.nn.Linear(*size) for size in sizes)
    centers = low + (high - low) * torch.rand(width, len(low))
    with torch.no_grad():
        first.weight.normal_(std=2)
        first.bias.copy_(-(first.weight * centers).sum(dim=1))
    return torch.nn.Sequential(first, activation(), second, activation(), last)


# --8<-- [end:network]


# --8<-- [start:fit]
def fit(net, loss_of, iterations):
    optimizer = torch.optim.LBFGS(
        net.parameters(),
        max_iter=iterations,
        history_size=50,
        tolerance_grad=0,
        tolerance_change=0,
        line_search_fn="strong_wolfe",
    )
    losses = []

    def closure():
        optimizer.zero_grad()
        loss = loss_of(net)
        loss.backward(inputs=list(net.parameters()))
        losses.append(loss.item())
        return loss

    optimizer.step(closure)
    return losses


# --8<-- [end:fit]

# %% [markdown]
# ## The derivatives of a network, by hand
#
# Carried through the layers by the chain rule in NumPy: the value, the first and the second
# derivative along one input. With $a = \tanh z$: $a' = (1 - a^2) z'$ and
# $a'' = (1 - a^2) z'' - 2 a a' z'$.


# %%
# --8<-- [start:by_hand]
def by_hand(net, points, axis):
    layers = [(layer.weight.detach().numpy(), layer.bias.detach().numpy()) for layer in net[::2]]
    z, z_x, z_xx = points, np.eye(points.shape[1])[[axis]], np.zeros((1, points.shape[1]))
    for depth, (weight, bias) in enumerate(layers):
        if depth > 0:
            a = np.tanh(z)
            a_x = (1 - a**2) * z_x
            z, z_x, z_xx = a, a_x, (1 - a**2) * z_xx - 2 * a * a_x * z_x
        z, z_x, z_xx = z @ weight.T + bias, z_x @ weight.T, z_xx @ weight.T
    return z, z_x, z_xx


# --8<-- [end:by_hand]


# --8<-- [start:off]
def off_by_hand(dtype):
    net = network(0, [0.0, -1.0], [1.0, 1.0]).to(dtype)
    t = torch.rand(50, 1, dtype=dtype).requires_grad_()
    x = torch.rand(50, 1, dtype=dtype).requires_grad_()
    u = net(torch.cat([t, x], dim=1))
    found = u, derivative(u, x), derivative(derivative(u, x), x)
    points = torch.cat([t, x], dim=1).detach().double().numpy()
    expected = by_hand(net.double(), points, axis=1)
    pairs = zip(found, expected, strict=True)
    return [(np.abs(f.detach().numpy() - e).max() / np.abs(e).max()).item() for f, e in pairs]


off64, off32 = off_by_hand(torch.float64), off_by_hand(torch.float32)
print("u, u_x, u_xx off by less than 1e-14:", max(off64) < 1e-14)
#> u, u_x, u_xx off by less than 1e-14: True
worst64, worst32 = max(off64), max(off32)
print("the same in float32:", worst32 < 1e-14)
#> the same in float32: False
# --8<-- [end:off]

# %% [markdown]
# ## Decay
#
# $u' = -u$ and $u(0) = 1$. The factor $1 - e^{-t}$ is zero at the start, so $u(0) = 1$ for any
# weights. Each equation is told in two parts: its factors, and the loss that they make.


# %%
# --8<-- [start:decay]
t = torch.linspace(0, 6, 60).reshape(-1, 1).requires_grad_()


def decay(net, t):
    return 1 + (1 - torch.exp(-t)) * net(t)


def decay_factors(net, t=t):
    u = decay(net, t)
    return {"u": u, "u_t": derivative(u, t)}


def decay_loss(u, u_t):
    return (u_t + u).pow(2).mean()


# --8<-- [end:decay]

# %% [markdown]
# ## A damped oscillator
#
# $u'' + 2 \gamma u' + \omega^2 u = 0$ with $u(0) = 1$ and $u'(0) = 0$.

# %%
# --8<-- [start:oscillator]
gamma, omega = 0.3, 2.0


def oscillator(net, t):
    return 1 + (1 - torch.exp(-t)) ** 2 * net(t)


def oscillator_factors(net):
    u = oscillator(net, t)
    u_t = derivative(u, t)
    return {"u": u, "u_t": u_t, "u_tt": derivative(u_t, t)}


def oscillator_loss(u, u_t, u_tt):
    return (u_tt + 2 * gamma * u_t + omega**2 * u).pow(2).mean()


# --8<-- [end:oscillator]

# %% [markdown]
# ## Heat
#
# $u_t = \kappa u_{xx}$ for $x$ from 0 to 1, with ends at zero, from $u(0, x) = \sin \pi x$. The
# start and the ends are terms of the loss here.

# %%
# --8<-- [start:heat]
kappa = 0.1


def grid(rows, columns, left):
    pairs = torch.cartesian_prod(torch.linspace(0, 1, rows), torch.linspace(left, 1, columns))
    return [column.reshape(-1, 1).clone().requires_grad_() for column in pairs.T]


heat_t, heat_x = grid(8, 16, left=0)
given = (heat_t == 0) | (heat_x == 0) | (heat_x == 1)
start = torch.sin(torch.pi * heat_x.detach()) * (heat_t.detach() == 0)


def heat(net, t, x):
    return net(torch.cat([t, x], dim=1))


def heat_factors(net):
    u = heat(net, heat_t, heat_x)
    u_xx = derivative(derivative(u, heat_x), heat_x)
    return {"u": u, "u_t": derivative(u, heat_t), "u_xx": u_xx}


def heat_loss(u, u_t, u_xx):
    return (u_t - kappa * u_xx).pow(2).mean() + (u - start)[given].pow(2).mean()


# --8<-- [end:heat]

# %% [markdown]
# ## Burgers' equation
#
# $u_t + u \, u_x = \nu u_{xx}$ for $x$ from $-1$ to 1, with ends at zero, from
# $u(0, x) = -\sin \pi x$. The two slopes run into each other and make a front.

# %%
# --8<-- [start:burgers]
nu = 0.1
burgers_t, burgers_x = grid(10, 24, left=-1)


def burgers(net, t, x):
    return -torch.sin(torch.pi * x) + t * (1 - x**2) * net(torch.cat([t, x], dim=1))


def burgers_factors(net):
    u = burgers(net, burgers_t, burgers_x)
    u_t, u_x = derivative(u, burgers_t), derivative(u, burgers_x)
    return {"u": u, "u_t": u_t, "u_x": u_x, "u_xx": derivative(u_x, burgers_x)}


def burgers_loss(u, u_t, u_x, u_xx):
    return (u_t + u * u_x - nu * u_xx).pow(2).mean()


# --8<-- [end:burgers]

# %% [markdown]
# ## Which derivative may be detached?
#
# How fast each loss changes along a random direction of all weights: by its gradient, with one
# factor cut at a time, and by a central difference of the loss itself.


# %%
# --8<-- [start:slopes]
def slope(net, loss_of, direction):
    gradient = torch.autograd.grad(loss_of(net), list(net.parameters()))
    return sum((g * d).sum() for g, d in zip(gradient, direction, strict=True)).item()


def difference(net, loss_of, direction, step=1e-5):
    losses = []
    for moved in (step, -2 * step, step):  # forward, back, and home again
        with torch.no_grad():
            for weight, d in zip(net.parameters(), direction, strict=True):
                weight += moved * d
        losses.append(loss_of(net).item())
    return (losses[0] - losses[1]) / (2 * step)


# --8<-- [end:slopes]


# --8<-- [start:equations]
equations = {
    "decay": (decay_factors, decay_loss, [0.0], [6.0]),
    "oscillator": (oscillator_factors, oscillator_loss, [0.0], [6.0]),
    "heat": (heat_factors, heat_loss, [0.0, 0.0], [1.0, 1.0]),
    "Burgers": (burgers_factors, burgers_loss, [0.0, -1.0], [1.0, 1.0]),
}


def loss_with(name, cut=()):
    """The loss of an equation, as a function of the network; what `cut` names is a constant."""
    factors_of, loss, *_ = equations[name]

    def loss_of(net):
        factors = factors_of(net)
        return loss(**{key: f.detach() if key in cut else f for key, f in factors.items()})

    return loss_of


# --8<-- [end:equations]


# --8<-- [start:table]
to_cut = {
    "decay": ["u_t"],
    "oscillator": ["u_tt"],
    "heat": ["u_t", "u_xx"],
    "Burgers": ["u_t", "u", "u_x", "u_xx"],
}
slopes_right, slopes_difference, off_right, off_cut = {}, {}, {}, {}
for name, (*_, low, high) in equations.items():
    net = network(0, low, high)
    direction = [torch.randn_like(weight) for weight in net.parameters()]
    slopes_right[name] = slope(net, loss_with(name), direction)
    slopes_difference[name] = difference(net, loss_with(name), direction)
    off_right[name] = abs(slopes_right[name] / slopes_difference[name] - 1)
    for factor in to_cut[name]:
        slope_cut = slope(net, loss_with(name, {factor}), direction)
        off_cut[f"{name}, {factor}"] = abs(slope_cut / slopes_difference[name] - 1)
print("right, off by less than 1e-7:", max(off_right.values()) < 1e-7)
#> right, off by less than 1e-7: True
for name, off in off_cut.items():
    print(f"{name:16} detached: off by {off:.2f}")
#> decay, u_t       detached: off by 0.32
#> oscillator, u_tt detached: off by 0.03
#> heat, u_t        detached: off by 1.81
#> heat, u_xx       detached: off by 0.06
#> Burgers, u_t     detached: off by 0.26
#> Burgers, u       detached: off by 0.21
#> Burgers, u_x     detached: off by 0.15
#> Burgers, u_xx    detached: off by 0.38
# --8<-- [end:table]
assert min(off_cut.values()) > 0.01
slopes_right, slopes_difference = [list(s.values()) for s in (slopes_right, slopes_difference)]
off_right, off_cut = max(off_right.values()), list(off_cut.values())
least_cut = min(off_cut)

# %% [markdown]
# ## The exact solutions
#
# Cole and Hopf turned Burgers' equation into the heat equation. Its solution is an integral over a
# Gaussian, which Gauss-Hermite quadrature takes to the last digits.

# %%
# --8<-- [start:exact]
omega_d = math.sqrt(omega**2 - gamma**2)


def exact_oscillator(t):
    swing = np.cos(omega_d * t) + gamma / omega_d * np.sin(omega_d * t)
    return np.exp(-gamma * t) * swing


def exact_heat(t, x):
    return np.exp(-kappa * np.pi**2 * t) * np.sin(np.pi * x)


def cole_hopf(t, x):
    z, weight = np.polynomial.hermite.hermgauss(150)
    y = x - np.sqrt(4 * nu * t) * z
    f = weight * np.exp(-np.cos(np.pi * y) / (2 * np.pi * nu))
    return -(f * np.sin(np.pi * y)).sum(axis=1, keepdims=True) / f.sum(axis=1, keepdims=True)


# --8<-- [end:exact]

test_times = torch.linspace(0, 6, 241).reshape(-1, 1)
solutions = {
    "decay": (decay, [test_times], lambda t: np.exp(-t)),
    "oscillator": (oscillator, [test_times], exact_oscillator),
    "heat": (heat, grid(21, 41, left=0), exact_heat),
    "Burgers": (burgers, grid(21, 81, left=-1), cole_hopf),
}
at = np.array([[0.25, -0.9], [0.5, 0.1], [1.0, 0.6]])
cole_hopf_values = cole_hopf(at[:, :1], at[:, 1:]).flatten().tolist()
oscillator_values = exact_oscillator(np.array([1.0, 2.5, 6.0])).tolist()

# %% [markdown]
# ## Training, each from three seeds
#
# Each equation as it is, and with one factor detached at a time. Errors are the largest ones on
# test points, most of which lie between those of the training.


# %%
# --8<-- [start:train]
def errors_of(name, net):
    solution, points, exact = solutions[name]
    found = solution(net, *points).detach().numpy()
    return found - exact(*(p.detach().numpy() for p in points))


def train(name, seed, cut=(), **options):
    *_, low, high = equations[name]
    net = network(seed, low, high, **options)
    losses = fit(net, loss_with(name, cut), 300)
    return net, losses, np.abs(errors_of(name, net)).max().item()


# --8<-- [end:train]
# --8<-- [start:cuts]
seeds = range(3)
right = {name: [train(name, seed) for seed in seeds] for name in equations}
cut = {
    (name, factor): [train(name, seed, {factor}) for seed in seeds]
    for name, factors in to_cut.items()
    for factor in factors
}
for (name, factor), runs in cut.items():
    best = min(error for *_, error in runs)
    worst = max(error for *_, error in right[name])
    print(f"{name:10} {factor:4} detached, never below 5 x right: {best > 5 * worst}")
#> decay      u_t  detached, never below 5 x right: True
#> oscillator u_tt detached, never below 5 x right: True
#> heat       u_t  detached, never below 5 x right: True
#> heat       u_xx detached, never below 5 x right: True
#> Burgers    u_t  detached, never below 5 x right: True
#> Burgers    u    detached, never below 5 x right: False
#> Burgers    u_x  detached, never below 5 x right: False
#> Burgers    u_xx detached, never below 5 x right: True
# --8<-- [end:cuts]
errors_decay, errors_oscillator, errors_heat, errors_burgers = (
    [error for *_, error in runs] for runs in right.values()
)
(
    errors_decay_u_t,
    errors_oscillator_u_tt,
    errors_heat_u_t,
    errors_heat_u_xx,
    errors_burgers_u_t,
    errors_burgers_u,
    errors_burgers_u_x,
    errors_burgers_u_xx,
) = ([error for *_, error in runs] for runs in cut.values())

shown_right, shown_cut = errors_burgers[0], errors_burgers_u_xx[0]

# %% [markdown]
# The loss while the oscillator trains, with two optimizers. Neither gets anywhere with the cut
# gradient in 300 steps: L-BFGS finds no step along it that lowers the loss, and Adam does not look.
# For decay, where L-BFGS gives up, Adam goes on.


# %%
# --8<-- [start:adam]
def adam(name, seed, cut=(), steps=300, rate=0.01):
    *_, low, high = equations[name]
    net, losses, loss_of = network(seed, low, high), [], loss_with(name, cut)
    optimizer = torch.optim.Adam(net.parameters(), lr=rate)
    for _ in range(steps):
        optimizer.zero_grad()
        loss = loss_of(net)
        loss.backward(inputs=list(net.parameters()))
        optimizer.step()
        losses.append(loss.item())
    return net, losses


adam_right = [adam("oscillator", seed)[1] for seed in seeds]
adam_cut = [adam("oscillator", seed, {"u_tt"})[1] for seed in seeds]
lbfgs_right = [losses for _, losses, _ in right["oscillator"]]
lbfgs_cut = [losses for _, losses, _ in cut["oscillator", "u_tt"]]
histories = {
    "L-BFGS": lbfgs_right,
    "Adam": adam_right,
    "L-BFGS, cut": lbfgs_cut,
    "Adam, cut": adam_cut,
}
for name, history in histories.items():
    print(f"{name:11} loss below 0.1: {[losses[-1] < 0.1 for losses in history]}")
#> L-BFGS      loss below 0.1: [True, True, True]
#> Adam        loss below 0.1: [True, True, True]
#> L-BFGS, cut loss below 0.1: [False, False, False]
#> Adam, cut   loss below 0.1: [False, False, False]
# --8<-- [end:adam]
# --8<-- [start:arrives]
patient = [adam("decay", seed, {"u_t"}, steps=4000, rate=0.003)[0] for seed in seeds]
errors_decay_adam = [np.abs(errors_of("decay", net)).max().item() for net in patient]
pairs = zip(errors_decay_adam, errors_decay_u_t, strict=True)
print(f"decay, u_t detached: Adam nearer than L-BFGS: {[ours < theirs for ours, theirs in pairs]}")
#> decay, u_t detached: Adam nearer than L-BFGS: [True, True, True]
# --8<-- [end:arrives]
evaluations_cut = max(len(losses) for losses in lbfgs_cut)
evaluations_decay = min(len(losses) for _, losses, _ in cut["decay", "u_t"])
assert evaluations_cut < 100 < 300 < evaluations_decay
last_lbfgs, last_adam = (max(loss[-1] for loss in losses) for losses in (lbfgs_right, adam_right))

# %%
oscillator_figure, (left, middle) = plt.subplots(1, 2, figsize=(6.4, 3.4), layout="constrained")
exact = exact_oscillator(test_times.numpy())
left.plot(test_times, exact, "C2", linewidth=4, alpha=0.4, label="exact")
shown = {"C0": right["oscillator"][0][0], "C3": cut["oscillator", "u_tt"][0][0]}
for color, net in shown.items():
    left.plot(test_times, oscillator(net, test_times).detach(), color)
left.set_xlabel("$t$")
left.set_ylabel("$u$, first seed")
for (name, history), style in zip(histories.items(), ["C0", "C0:", "C3", "C3:"], strict=True):
    for seed, losses in zip(seeds, history, strict=True):
        middle.semilogy(losses, style, alpha=0.8, label=None if seed else name)
middle.set_xlabel("evaluations of the loss")
middle.set_ylabel("loss, three seeds")
oscillator_figure.legend(loc="outside upper center", ncols=5)
exact_line, *net_lines = (line.get_ydata().flatten() for line in left.lines)
drawn_off = [np.abs(line - exact_line).max().item() for line in net_lines]

# %% [markdown]
# ## ReLU, with all flags right
#
# The heat equation with twice as wide layers of ReLU. There, $u_{xx} = 0$ at almost every point,
# whatever the weights are. What is trained is $u_t = 0$, and nothing cools.

# %%
# --8<-- [start:relu]
relu = [train("heat", seed, activation=torch.nn.ReLU, width=32) for seed in seeds]
errors_relu = [error for *_, error in relu]
print(f"heat with ReLU, error above 0.3: {[error > 0.3 for error in errors_relu]}")
#> heat with ReLU, error above 0.3: [True, True, True]
u = heat(relu[0][0], heat_t, heat_x)
u_xx = derivative(derivative(u, heat_x), heat_x)
print(f"requires grad: {u_xx.requires_grad}, largest |u_xx|: {u_xx.abs().max():.1f}")
#> requires grad: True, largest |u_xx|: 0.0
_, points, _ = solutions["heat"]
uncooled = torch.sin(torch.pi * points[1])  # what u_t = 0 leaves as it was
off_relu, off_tanh = (
    [(heat(net, *points) - uncooled).abs().mean().item() for net, *_ in runs]
    for runs in (relu, right["heat"])
)
print(f"ReLU as at the start: {[off < 0.15 for off in off_relu]}")
#> ReLU as at the start: [True, True, True]
print(f"tanh as at the start: {[off < 0.15 for off in off_tanh]}")
#> tanh as at the start: [False, False, False]
# --8<-- [end:relu]
lowest_relu = min(losses[-1] for _, losses, _ in relu)
assert max(errors_heat) < 0.01

# %%
heat_figure, axes = plt.subplots(figsize=(6.4, 3.2), layout="constrained")
x = torch.linspace(0, 1, 51).reshape(-1, 1)
axes.plot(x, exact_heat(1, x.numpy()), "C2", linewidth=4, alpha=0.4, label="exact, $t = 1$")
axes.plot(x, torch.sin(torch.pi * x), "C4:", label="start, $t = 0$")
for runs, color, label in [(right["heat"], "C0", "tanh, $t = 1$"), (relu, "C3", "ReLU, $t = 1$")]:
    for seed, (net, *_) in zip(seeds, runs, strict=True):
        u = heat(net, torch.ones_like(x), x).detach()
        axes.plot(x, u, color, label=None if seed else label)
axes.set_xlabel("$x$")
axes.set_ylabel("$u$")
axes.legend()

# %% [markdown]
# ## The map of errors
#
# Burgers' equation, right and with $u_{xx}$ detached. A look at the solutions says little.

# %%
burgers_figure, axes = plt.subplots(
    2, 2, figsize=(6.4, 4.4), sharex=True, sharey=True, layout="constrained"
)
test_t, test_x = (p.detach().numpy().reshape(21, 81) for p in solutions["Burgers"][1])
shown = {"right": right["Burgers"][0][0], "$u_{xx}$ detached": cut["Burgers", "u_xx"][0][0]}
for (upper, lower), (title, net) in zip(axes.T, shown.items(), strict=True):
    u = burgers(net, *solutions["Burgers"][1]).detach().numpy().reshape(21, 81)
    error = np.log10(np.abs(errors_of("Burgers", net)) + 1e-9).reshape(21, 81)
    of_u = upper.pcolormesh(test_t, test_x, u, vmin=-1, vmax=1, cmap="RdBu", rasterized=True)
    of_error = lower.pcolormesh(test_t, test_x, error, vmin=-5, vmax=0, rasterized=True)
    upper.set_title(title)
    lower.set_xlabel("$t$")
for row, field, label in zip(axes, [of_u, of_error], ["$u$", "log10 |error|"], strict=True):
    row[0].set_ylabel("$x$")
    burgers_figure.colorbar(field, ax=row, label=label)

# %% [markdown]
# ## float32
#
# The same training of the decay, and the same check of the slope, in single precision.

# %%
# --8<-- [start:single]
t32 = t.detach().float().requires_grad_()


def decay_loss32(net):
    return decay_loss(**decay_factors(net, t32))


evaluations32, errors32 = [], []
for seed in seeds:
    net = network(seed, [0.0], [6.0]).float()
    evaluations32.append(len(fit(net, decay_loss32, 300)))
    errors32.append(np.abs(errors_of("decay", net.double())).max().item())
evaluations64 = [len(losses) for _, losses, _ in right["decay"]]
pairs = zip(evaluations32, evaluations64, strict=True)
print(f"float32: L-BFGS stops earlier: {[few < many for few, many in pairs]}")
#> float32: L-BFGS stops earlier: [True, True, True]
net = network(0, [0.0], [6.0])  # with the direction of the check in float64, rounded
direction = [torch.randn_like(weight).float() for weight in net.parameters()]
net.float()
by_gradient = slope(net, decay_loss32, direction)
steps = [10.0**-k for k in range(1, 6)]
differences = [difference(net, decay_loss32, direction, step) for step in steps]
off32_slope = min(abs(d / by_gradient - 1) for d in differences)
print(f"float32: the slope checked to six digits: {off32_slope < 1e-6}")
#> float32: the slope checked to six digits: False
off32_gradient = abs(by_gradient / slopes_right[0] - 1)
print(f"float32: the gradient as in float64, to six digits: {off32_gradient < 1e-6}")
#> float32: the gradient as in float64, to six digits: True
# --8<-- [end:single]
