# timeout: 120
# %% [markdown]
# # Hessian-vector products
#
# The product of a Hessian with a vector costs a few gradients, and needs no Hessian. It is
# compared with closed forms, then minimizes a function, and measures the curvature of a network.

# %%
import time
from collections.abc import Callable

import matplotlib.pyplot as plt
import numpy as np
import torch
from scipy.optimize import minimize, rosen, rosen_der, rosen_hess_prod
from sklearn.datasets import make_moons

torch.set_default_dtype(torch.float64)  # for the checks; what is to be copied follows its inputs
torch.manual_seed(0)


# %%
# --8<-- [start:hvp]
def hvp(f: Callable, x: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
    """Return H v, where H is the Hessian of the number f(x) at x, and v a constant shaped like x.

    Raises RuntimeError where the gradient of f is a constant. Pearlmutter 1994.
    """
    x = x.detach().requires_grad_()
    (gradient,) = torch.autograd.grad(f(x), x, create_graph=True)
    (product,) = torch.autograd.grad(gradient, x, v.detach())
    return product


# --8<-- [end:hvp]

# %% [markdown]
# ## Against a closed form
#
# SciPy has Rosenbrock's function with its gradient and its Hessian-vector product, written by
# hand. `torch.func` offers another way: a forward derivative of the gradient.


# %%
# --8<-- [start:exact]
def rosenbrock(x):
    return (100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2).sum()


x, v = torch.randn(50), torch.randn(50)
exact = torch.from_numpy(rosen_hess_prod(x.numpy(), v.numpy()))
reverse = hvp(rosenbrock, x, v)
_, forward = torch.func.jvp(torch.func.grad(rosenbrock), (x,), (v,))
#! DeprecationWarning: `torch.jit.script` is deprecated. Please switch to `torch.compile` or
#!   `torch.export`.
reverse_error = ((reverse - exact).norm() / exact.norm()).item()
forward_error = ((forward - exact).norm() / exact.norm()).item()
print(f"both to the last digits: {max(reverse_error, forward_error) < 1e-15}")
#> both to the last digits: True
# --8<-- [end:exact]

# %% [markdown]
# Without the second derivative there is the difference of two gradients. Its error falls with the
# step, until rounding takes over.

# %%
# --8<-- [start:difference]
steps = np.logspace(-12, 0, 49)
one_sided, central = [], []
for step in steps:
    above, here, below = (rosen_der(x.numpy() + h * v.numpy()) for h in (step, 0, -step))
    for errors, product in (
        (one_sided, (above - here) / step),
        (central, (above - below) / (2 * step)),
    ):
        errors.append(np.linalg.norm(product - exact.numpy()) / exact.norm().item())
best_one_sided, best_central = min(one_sided), min(central)
print(f"even the best steps lose digits: {best_one_sided > 1e-9}, {best_central > 1e-12}")
#> even the best steps lose digits: True, True
# --8<-- [end:difference]

# %%
difference_figure, axes = plt.subplots(figsize=(6.4, 3.2), layout="constrained")
axes.loglog(steps, one_sided, "C1", label="one-sided difference")
axes.loglog(steps, central, "C2", label="central difference")
axes.axhline(reverse_error, color="C0", label="double backward")
axes.set_xlabel("step of the difference")
axes.set_ylabel("relative error")
axes.legend()

# %% [markdown]
# ## Newton-CG
#
# Newton's method solves a linear system with the Hessian in each step. Conjugate gradients solve it
# with products alone.


# %%
# --8<-- [start:newton]
def gradient(x):
    x = torch.from_numpy(x).requires_grad_()
    return torch.autograd.grad(rosenbrock(x), x)[0].numpy()


def product(x, v):
    return hvp(rosenbrock, torch.from_numpy(x), torch.from_numpy(v)).numpy()


first, settings = np.tile([-1.2, 1.0], 10), {"method": "Newton-CG", "options": {"xtol": 1e-10}}
ours = minimize(rosen, first, jac=gradient, hessp=product, **settings)
scipys = minimize(rosen, first, jac=rosen_der, hessp=rosen_hess_prod, **settings)
newton_error, scipys_error = np.abs(ours.x - 1).max(), np.abs(scipys.x - 1).max()
print(f"minimum found: {newton_error < 1e-6}, as SciPy does: {scipys_error < 1e-6}")
#> minimum found: True, as SciPy does: True
# --8<-- [end:newton]
without_hessian = minimize(rosen, first, jac=gradient, method="CG", options={"gtol": 1e-8})
newton_steps, newton_products, cg_steps = ours.nit, ours.nhev, without_hessian.nit

# %% [markdown]
# ## The curvature of a network
#
# A small classifier of two half-moons, with 114 weights, so that its whole Hessian can be had for
# comparison.

# %%
points, labels = make_moons(200, noise=0.2, random_state=0)
points, labels = torch.from_numpy(points), torch.from_numpy(labels)
layers = [torch.nn.Linear(2, 8), torch.nn.Linear(8, 8), torch.nn.Linear(8, 2)]
net = torch.nn.Sequential(layers[0], torch.nn.Tanh(), layers[1], torch.nn.Tanh(), layers[2])
weights = list(net.parameters())
optimizer = torch.optim.Adam(weights, lr=0.02)
for _ in range(200):
    loss = torch.nn.functional.cross_entropy(net(points), labels)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()


# --8<-- [start:product]
def flat(tensors):
    return torch.cat([tensor.flatten() for tensor in tensors])


def hessian_of(loss, weights):
    gradient = flat(torch.autograd.grad(loss, weights, create_graph=True))
    return lambda v: flat(torch.autograd.grad(gradient, weights, v, retain_graph=True))


H = hessian_of(torch.nn.functional.cross_entropy(net(points), labels), weights)
size = sum(w.numel() for w in weights)
whole = torch.stack([H(v) for v in torch.eye(size)])
# --8<-- [end:product]


def gradient_at(theta):
    torch.nn.utils.vector_to_parameters(theta, weights)
    loss = torch.nn.functional.cross_entropy(net(points), labels)
    return flat(torch.autograd.grad(loss, weights))


theta = flat(weights).detach().clone()
differences = [gradient_at(theta + v) - gradient_at(theta - v) for v in 1e-5 * torch.eye(size)]
whole_error = (whole - torch.stack(differences) / 2e-5).abs().max().item()
asymmetry = (whole - whole.T).abs().max().item()
torch.nn.utils.vector_to_parameters(theta, weights)
print(f"equal to differences of gradients: {whole_error < 1e-8}, symmetric: {asymmetry < 1e-14}")
#> equal to differences of gradients: True, symmetric: True

# %% [markdown]
# Lanczos' method finds the largest eigenvalues from a few products. Hutchinson's finds the trace
# from products with random signs, and its standard error is known.


# %%
# --8<-- [start:lanczos]
def lanczos(H, size, steps):
    q = [torch.nn.functional.normalize(torch.randn(size), dim=0)]
    T = torch.zeros(steps + 1, steps + 1)
    for k in range(steps):
        w = H(q[k])
        T[k, k] = w @ q[k]
        for other in q * 2:  # twice, because rounding spoils it once
            w = w - (w @ other) * other
        T[k, k + 1] = T[k + 1, k] = w.norm()
        q.append(w / w.norm())
    return T[:steps, :steps]


T = lanczos(H, size, 30)
eigenvalues = torch.linalg.eigvalsh(whole)
largest, found = eigenvalues[-5:], torch.linalg.eigvalsh(T)[-5:]
lanczos_error = ((found - largest).abs() / largest).max().item()
print(f"five largest of {size} after 30 products: {lanczos_error < 1e-12}")
#> five largest of 114 after 30 products: True
# --8<-- [end:lanczos]
# --8<-- [start:hutchinson]
signs = torch.randint(2, (400, size)) * 2.0 - 1
samples = torch.stack([v @ H(v) for v in signs])
trace, estimate = whole.trace().item(), samples.mean().item()
variance = 2 * (whole.pow(2).sum() - whole.diag().pow(2).sum())
standard_error = (variance / len(samples)).sqrt().item()
off_by = abs(estimate - trace) / standard_error
print(f"trace {trace:.2f}, estimate {estimate:.1f} with a standard error of {standard_error:.2f}")
#> trace 12.28, estimate 12.1 with a standard error of 0.54
# --8<-- [end:hutchinson]
assert off_by < 3

# %%
lanczos_figure, axes = plt.subplots(figsize=(6.4, 3.2), layout="constrained")
counts = range(1, 21)
for value in largest:
    axes.axhline(value, color="C0", linewidth=1)
for k in counts:
    values = torch.linalg.eigvalsh(T[:k, :k])[-5:]
    axes.semilogy([k] * len(values), values, "C1.")
axes.set_ylim(0.02, 15)
axes.set_xticks([1, 5, 10, 15, 20])
axes.set_xlabel("products with the Hessian")
axes.set_ylabel("eigenvalue")
axes.plot([], [], "C0", linewidth=1, label="five largest of the whole Hessian")
axes.plot([], [], "C1.", label="Lanczos")
axes.legend(loc="lower right")

# %% [markdown]
# ## What it costs
#
# The same product of a wider network, in float32, in two ways, on the machine that built this
# page. Each is timed twenty times in turn, and the fastest run counts.

# %%
tanh = torch.nn.Tanh()
layers = [torch.nn.Linear(256, 256), tanh, torch.nn.Linear(256, 256), tanh]
wide = torch.nn.Sequential(*layers, torch.nn.Linear(256, 1)).float()
data = torch.randn(256, 256, dtype=torch.float32)
wide_weights = {name: weight.detach() for name, weight in wide.named_parameters()}
directions = {name: torch.randn_like(weight) for name, weight in wide_weights.items()}


# --8<-- [start:clock]
def loss_of(weights):
    return torch.func.functional_call(wide, weights, data).pow(2).mean()


def one_gradient():
    return torch.autograd.grad(wide(data).pow(2).mean(), list(wide.parameters()))


def double_backward():
    loss, weights = wide(data).pow(2).mean(), list(wide.parameters())
    gradients = torch.autograd.grad(loss, weights, create_graph=True)
    return torch.autograd.grad(gradients, weights, list(directions.values()))


def forward_over_reverse():
    _, products = torch.func.jvp(torch.func.grad(loss_of), (wide_weights,), (directions,))
    return list(products.values())


# --8<-- [end:clock]
pairs = zip(double_backward(), forward_over_reverse(), strict=True)
ways_differ = max(((one - other).norm() / one.norm()).item() for one, other in pairs)
print(f"the same product: {ways_differ < 1e-4}")
#> the same product: True
ways = one_gradient, double_backward, forward_over_reverse
seconds = [[] for _ in ways]
for _ in range(20):
    for way, runs in zip(ways, seconds, strict=True):
        started = time.perf_counter()
        way()
        runs.append(time.perf_counter() - started)
milliseconds, reverse_ms, forward_ms = (1000 * min(runs) for runs in seconds)
reverse_cost, forward_cost = reverse_ms / milliseconds, forward_ms / milliseconds
assert 1 < reverse_cost < 10
assert 1 < forward_cost < 20
