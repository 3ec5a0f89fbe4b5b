# timeout: 120
# %% [markdown]
# # Implicit differentiation and hypergradients
#
# Ten penalties of a ridge regression get their gradient in three ways, which agree. A learning
# rate gets one that is wrong and still works, sometimes. A layer that is defined by an equation
# gets first and second derivatives.

# %%
from collections.abc import Callable

import matplotlib.pyplot as plt
import numpy as np
import torch
from scipy.sparse.linalg import LinearOperator, cg
from sklearn.datasets import load_diabetes
from sklearn.preprocessing import scale

torch.set_default_dtype(torch.float64)  # for the checks; what is to be copied follows its inputs
torch.manual_seed(0)

# %% [markdown]
# ## Ridge regression with a penalty for each weight
#
# `inner` is what training minimizes, `outer` is the validation loss. `rho` holds the logarithms of
# ten penalties.

# %%
inputs, targets = load_diabetes(return_X_y=True)
inputs, targets = torch.from_numpy(scale(inputs)), torch.from_numpy(scale(targets))


def split(seed):
    order = torch.randperm(442, generator=torch.Generator().manual_seed(seed))
    return order[:200], order[200:320], order[320:]


train, validation, test = split(0)


# --8<-- [start:losses]
def inner(w, rho):
    error = inputs[train] @ w - targets[train]
    return error.pow(2).mean() / 2 + (rho.exp() * w.pow(2)).sum() / 2


def outer(w, rho=None):  # here, no penalty is a part of it
    return (inputs[validation] @ w - targets[validation]).pow(2).mean() / 2


# --8<-- [end:losses]

# %% [markdown]
# The first way, and the oracle: the closed form, by hand, in NumPy.


# %%
# --8<-- [start:closed]
def closed_form(rho):
    X, y = inputs[train].numpy(), targets[train].numpy()
    penalty = np.exp(rho.detach().numpy())
    H = X.T @ X / len(y) + np.diag(penalty)
    w = np.linalg.solve(H, X.T @ y / len(y))
    X, y = inputs[validation].numpy(), targets[validation].numpy()
    dV_dw = X.T @ (X @ w - y) / len(y)
    return torch.from_numpy(w), torch.from_numpy(-penalty * w * np.linalg.solve(H, dV_dw))


rho = torch.full((10,), 0.1).log().requires_grad_()
w, exact = closed_form(rho)
# --8<-- [end:closed]

# %% [markdown]
# The second way: the implicit function theorem. One linear system with the Hessian, solved by
# products, then one mixed derivative.


# %%
# --8<-- [start:implicit]
def solve(product: Callable, b: torch.Tensor) -> torch.Tensor:
    """Return u with H u = b, of the shape, dtype and device of b, by SciPy's conjugate gradients.

    ``product`` maps v to H v; H is symmetric and positive. Raises RuntimeError if CG ends before
    the residual is at rounding, as on a matrix that is nearly singular.
    """

    def matvec(v):
        v = torch.as_tensor(v, dtype=b.dtype, device=b.device).reshape(b.shape)
        return product(v).flatten().cpu().numpy()

    right = b.detach().flatten().cpu().numpy()
    H = LinearOperator((len(right), len(right)), matvec=matvec, dtype=right.dtype)
    u, status = cg(H, right, rtol=5 * np.finfo(right.dtype).eps)
    left = np.linalg.norm(H @ u - right)
    if status or not left <= np.finfo(right.dtype).eps ** 0.5 * np.linalg.norm(right):
        raise RuntimeError(f"CG did not solve H u = b: residual {left:.0e}; damp H, or scale w")
    return torch.as_tensor(u, dtype=b.dtype, device=b.device).reshape(b.shape)


def hypergradient(
    inner: Callable, outer: Callable, w: torch.Tensor, rho: torch.Tensor, solve: Callable = solve
) -> torch.Tensor:
    """Return dV/drho for V = outer(w, rho), where w minimizes inner(w, rho), shaped like rho.

    w and rho are one tensor each, of any shape: flatten a module's weights into one. Raises
    RuntimeError if the linear system is not solved. Lorraine et al. 2020.
    """
    w, rho = w.detach().requires_grad_(), rho.detach().requires_grad_()
    (g,) = torch.autograd.grad(inner(w, rho), w, create_graph=True)
    V = outer(w, rho)
    dV_dw, direct = torch.autograd.grad(V, (w, rho), materialize_grads=True)
    u = solve(lambda v: torch.autograd.grad(g, w, v, retain_graph=True)[0], dV_dw)
    return direct - torch.autograd.grad(g, rho, u)[0]


# --8<-- [end:implicit]


def off(found):
    return ((found - exact).norm() / exact.norm()).item()


implicit = hypergradient(inner, outer, w, rho)
implicit_error = off(implicit)
print(f"implicit function theorem: {implicit_error < 1e-13}")
#> implicit function theorem: True

# %% [markdown]
# The third way: gradient descent, differentiated step by step.


# %%
# --8<-- [start:unrolled]
def descend(rho, steps, create_graph):
    w = torch.zeros(10, requires_grad=True)
    for _ in range(steps):
        (g,) = torch.autograd.grad(inner(w, rho), w, create_graph=create_graph)
        w = w - 0.4 * g
    return w


def unrolled(rho, steps):
    return torch.autograd.grad(outer(descend(rho, steps, create_graph=True)), rho)[0]


# --8<-- [end:unrolled]
by_steps = unrolled(rho, 1000)
unrolled_error = off(by_steps)
print(f"unrolled, 1000 steps: {unrolled_error < 1e-13}")
#> unrolled, 1000 steps: True

# %% [markdown]
# The same, stopped early: the theorem holds at the minimum, so it is off where the training stops
# before it. Unrolling is off by more, and few products make the linear system inexact.

# %%
# --8<-- [start:early]
counts = [1, 20, 50, 100, 200, 300, 400, 500, 600, 700]
by_unrolling = [off(unrolled(rho, k)) for k in counts]
unfinished = [descend(rho, k, create_graph=False) for k in counts]
by_theorem = [off(hypergradient(inner, outer, w_k, rho)) for w_k in unfinished]


def stopped(products):
    def solve(product, b):  # what `solve` above refuses to return
        H = LinearOperator((10, 10), matvec=lambda v: product(torch.from_numpy(v)).numpy())
        return torch.from_numpy(cg(H, b.numpy(), rtol=1e-15, maxiter=products)[0])

    return solve


by_products = [off(hypergradient(inner, outer, w, rho, stopped(k))) for k in range(1, 15)]
# --8<-- [end:early]
theorem_100, unrolled_100 = (errors[counts.index(100)] for errors in (by_theorem, by_unrolling))
products_5, products_10 = by_products[4], by_products[9]
print(f"unrolled is off by more than the theorem: {unrolled_100 > 2 * theorem_100}")
#> unrolled is off by more than the theorem: True

# %% [markdown]
# An inverse Hessian replaced by a multiple of the identity is a known shortcut.

# %%
w_leaf = w.clone().requires_grad_()
(g,) = torch.autograd.grad(inner(w_leaf, rho), w_leaf, create_graph=True)
(dV_dw,) = torch.autograd.grad(outer(w_leaf), w_leaf)
shortcut = -torch.autograd.grad(g, rho, dV_dw)[0]
cosine = torch.nn.functional.cosine_similarity(shortcut, exact, dim=0).item()
print(f"identity in place of the inverse: cosine {cosine:.2f}")
#> identity in place of the inverse: cosine 0.92

# %% [markdown]
# For the tests: the ten numbers of each way, and differences of refits.


# %%
def refitted(rho):
    return outer(closed_form(rho)[0])


shifts = 1e-5 * torch.eye(10)
exact_by_differences = [
    ((refitted(rho + shift) - refitted(rho - shift)) / 2e-5).item() for shift in shifts
]
exact_penalties, by_theorem_penalties = exact.tolist(), implicit.tolist()
unrolled_penalties, shortcut_penalties = by_steps.tolist(), shortcut.tolist()

# %%
early_figure, axes = plt.subplots(1, 2, figsize=(6.4, 3.2), sharey=True, layout="constrained")
axes[0].semilogy(counts, by_unrolling, "C1.-", label="unrolled")
axes[0].semilogy(counts, by_theorem, "C0.-", label="implicit")
axes[0].set_xlabel("steps of training")
axes[0].set_ylabel("relative error of the gradient")
axes[0].legend()
axes[1].semilogy(range(1, 15), by_products, "C0.-")
axes[1].set_xticks([2, 4, 6, 8, 10, 12, 14])
axes[1].set_xlabel("products with the Hessian")

# %% [markdown]
# ## What the gradient is good for
#
# Ten penalties are fitted to the validation rows by gradient descent, and compared on the test rows
# with one penalty, the best of a grid on the validation rows. Ten random splits.


# %%
# --8<-- [start:fit]
def fit(steps=200):
    rho = torch.full((10,), 0.1).log().requires_grad_()
    optimizer = torch.optim.Adam([rho], lr=0.1)
    for _ in range(steps):
        w, _ = closed_form(rho)
        rho.grad = hypergradient(inner, outer, w, rho)
        optimizer.step()
    return closed_form(rho)[0]


# --8<-- [end:fit]


def losses_of(w):
    error = inputs[test] @ w - targets[test]
    return outer(w).item(), error.pow(2).mean().item() / 2


grid = [torch.full((10,), value) for value in np.linspace(-7, 3, 41)]
one, ten = [], []
for seed in range(10):
    train, validation, test = split(seed)
    one.append(losses_of(min((closed_form(rho)[0] for rho in grid), key=outer)))
    ten.append(losses_of(fit()))
one_validation, one_test = np.mean(one, axis=0)
ten_validation, ten_test = np.mean(ten, axis=0)
won_validation, won_test = (np.array(ten) < np.array(one)).sum(axis=0)
print(f"lower on validation rows: {won_validation} of 10, on test rows: {won_test} of 10")
#> lower on validation rows: 10 of 10, on test rows: 6 of 10

# %% [markdown]
# ## A learning rate
#
# Gradient descent on a bowl with four curvatures, and the derivative of the loss after the last
# step with respect to the learning rate `eta`. Here a forgotten `create_graph` raises nothing.

# %%
# --8<-- [start:rate]
h = torch.tensor([1.0, 2.0, 4.0, 10.0])


def loss_after(eta, steps, create_graph):
    w = torch.ones(4, requires_grad=True)
    for _ in range(steps):
        (g,) = torch.autograd.grad((h * w**2).sum() / 2, w, create_graph=create_graph)
        w = w - eta * g
    return (h * w**2).sum() / 2


def slope(eta, steps, create_graph):
    eta = torch.tensor(eta, requires_grad=True)
    return torch.autograd.grad(loss_after(eta, steps, create_graph), eta)[0].item()


# --8<-- [end:rate]

# %% [markdown]
# The closed forms, with $r_i = 1 - \eta h_i$: the loss is $\frac12 \sum h_i r_i^{2K}$, its slope is
# $-K \sum h_i^2 r_i^{2K-1}$, and without `create_graph` it is $-\frac1\eta \sum h_i r_i^K
# (1 - r_i^K)$.


# %%
# --8<-- [start:bowl]
def slopes(eta, K):
    r = 1 - eta * h.numpy()
    right = -K * (h.numpy() ** 2 * r ** (2 * K - 1)).sum()
    return right, -(h.numpy() * r**K * (1 - r**K)).sum() / eta


def learn(steps, create_graph):
    eta = 0.02
    for _ in range(400):
        d = slope(eta, steps, create_graph)
        eta = eta - 0.002 * d / (1 + abs(d))  # at most 0.002
    return eta


# --8<-- [end:bowl]
kept_error = cut_error = 0
for steps in (4, 5):
    for eta in (0.02, 0.1, 0.17):
        right, wrong = slopes(eta, steps)
        kept_error = max(kept_error, abs(slope(eta, steps, True) / right - 1))
        cut_error = max(cut_error, abs(slope(eta, steps, False) / wrong - 1))
print(f"both as derived: {max(kept_error, cut_error) < 1e-14}")
#> both as derived: True
loss_first = loss_after(torch.tensor(0.02), 4, False).item()
learned, losses = {}, {}
for steps in (4, 5):
    for create_graph in (True, False):
        eta = learn(steps, create_graph)
        learned[steps, create_graph] = eta
        losses[steps, create_graph] = loss_after(torch.tensor(eta), steps, False).item()
        print(f"{steps} steps, create_graph={create_graph}: eta {eta:.3f}")
#> 4 steps, create_graph=True: eta 0.149
#> 4 steps, create_graph=False: eta 0.202
#> 5 steps, create_graph=True: eta 0.154
#> 5 steps, create_graph=False: eta 0.155
eta_four, eta_four_cut, eta_five, eta_five_cut = learned.values()
loss_four, loss_four_cut, loss_five, loss_five_cut = losses.values()

# %%
rate_figure, panels = plt.subplots(1, 2, figsize=(6.4, 3.2), sharey=True, layout="constrained")
etas = np.linspace(0, 0.205, 100)
for axes, steps in zip(panels, (4, 5), strict=True):
    bowl = [loss_after(torch.tensor(eta), steps, False).item() for eta in etas]
    axes.semilogy(etas, bowl, "C2")
    for create_graph, style, name in ((True, "C0o", "the gradient"), (False, "C1X", "the cut one")):
        found = (steps, create_graph)
        axes.plot(learned[found], losses[found], style, label=name)
    axes.set_title(f"{steps} steps")
    axes.set_xlabel("learning rate")
panels[0].set_ylabel("loss after the steps")
panels[0].legend(title="learned by", loc="upper center")

# %% [markdown]
# ## An equilibrium layer
#
# The output `z` of the layer solves `z = tanh(W z + x)`. It is found without a graph. Then a step
# of Newton's method with a constant Jacobian attaches the derivatives: each step one order more.


# %%
# --8<-- [start:equilibrium]
def equilibrium(W, x, order):
    with torch.no_grad():
        z = torch.zeros_like(x)
        for _ in range(200):
            z = torch.tanh(z @ W.T + x)
        J = (1 - z**2).unsqueeze(-1) * W  # dtanh/dz, one matrix for each sample
        inverse = torch.linalg.inv(torch.eye(len(W)) - J)
    for _ in range(order):
        off = torch.tanh(z @ W.T + x) - z  # zero, but not its derivatives
        z = z + (inverse @ off.unsqueeze(-1)).squeeze(-1)
    return z


# --8<-- [end:equilibrium]

# %% [markdown]
# The oracle, in NumPy: with $D = \mathrm{diag}(1 - z^2)$, the gradient of $a \cdot z$ in $x$ is
# $D (I - D W)^{-T} a$. The penalty is the sum of its squares; its slope along a direction of $W$ is
# a central difference.


# %%
W, x, a = torch.randn(8, 8), torch.randn(5, 8, requires_grad=True), torch.randn(8)
W = (0.7 * W / torch.linalg.matrix_norm(W, 2)).requires_grad_()
direction = torch.randn(8, 8)


def penalty_in_numpy(W):
    total = 0
    for x_i in x.detach().numpy():
        z = np.zeros(8)
        for _ in range(200):
            z = np.tanh(W @ z + x_i)
        D = 1 - z**2
        gradient = D * np.linalg.solve((np.eye(8) - D[:, None] * W).T, a.numpy())
        total += (gradient**2).sum()
    return total


# --8<-- [start:penalty]
def penalty_gradient(z):
    (g,) = torch.autograd.grad((z @ a).sum(), x, create_graph=True)
    return torch.autograd.grad(g.pow(2).sum(), W)[0]


def unrolled_layer(steps):
    z = torch.zeros_like(x)
    for _ in range(steps):
        z = torch.tanh(z @ W.T + x)
    return z


# --8<-- [end:penalty]
# --8<-- [start:orders]
above, below = (W.detach().numpy() + step * direction.numpy() for step in (1e-5, -1e-5))
slope_difference = (penalty_in_numpy(above) - penalty_in_numpy(below)) / 2e-5
one_step, two_steps, three_steps = (penalty_gradient(equilibrium(W, x, k)) for k in (1, 2, 3))
slope_one, slope_two = ((g * direction).sum().item() for g in (one_step, two_steps))
print(f"two steps: {abs(slope_two / slope_difference - 1) < 1e-8}")
#> two steps: True
print(f"one step:  {abs(slope_one / slope_difference - 1) < 1e-8}")
#> one step:  False
# --8<-- [end:orders]
assert abs(slope_one / slope_difference - 1) > 1
third_changes = ((three_steps - two_steps).norm() / two_steps.norm()).item()
assert third_changes < 1e-14

# %% [markdown]
# The iteration itself can be unrolled, too. It needs many steps, and keeps all of them.

# %%
layer_steps = [1, 2, 5, 10, 20, 30, 40, 60, 80]
layer_errors = [
    ((penalty_gradient(unrolled_layer(k)) - two_steps).norm() / two_steps.norm()).item()
    for k in layer_steps
]
one_error = ((one_step - two_steps).norm() / two_steps.norm()).item()
layer_figure, axes = plt.subplots(figsize=(6.4, 3.2), layout="constrained")
axes.semilogy(layer_steps, layer_errors, "C2.-", label="unrolled")
axes.axhline(one_error, color="C1", label="one step of Newton")
axes.axhline(third_changes, color="C0", label="two steps of Newton")
axes.set_xlabel("steps of the iteration")
axes.set_ylabel("relative error of the penalty's gradient")
axes.legend()
