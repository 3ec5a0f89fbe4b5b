"""The loss after inner steps, with respect to what came before; and a root that a solver found."""

import torch
import torchopt

from measured.libraries.inside import once, twice

x, y = torch.randn(5, 3), torch.randn(5, 1)
before = [torch.randn(3, 4), torch.randn(4, 1)]


def loss(weights):
    return ((torch.tanh(x @ weights[0]) @ weights[1] - y) ** 2).mean()


def after(optimizer, **options):
    """The loss after two inner steps, in the functional interface."""
    weights = tuple(weight.clone() for weight in before)
    state = optimizer.init(weights)
    for _ in range(2):
        gradients = torch.autograd.grad(loss(weights), weights, create_graph=True)
        updates, state = optimizer.update(gradients, state, **options)
        weights = torchopt.apply_updates(weights, updates, **options)
    return loss(weights)


for name in ("sgd", "adam", "rmsprop"):
    optimizer = getattr(torchopt, name)(lr=0.1)
    once(f"{name}, inplace=False", lambda o=optimizer: after(o, inplace=False), before)
once("sgd, inplace=True (the default)", lambda: after(torchopt.sgd(lr=0.1)), before)


A, b, theta, zero = (
    torch.randn(5, 3),
    torch.randn(5),
    torch.tensor([0.2, -0.3, 0.1]),
    torch.zeros(3),
)


def objective(z, theta):
    return ((A @ z - b) ** 2).sum() / 2 + (theta.exp() * z**2).sum() / 2 + (z**4).sum() / 4


condition = torch.func.grad(objective)
curvature = torch.func.hessian(objective)


def newton(z, theta):
    """The minimum by Newton's method, as a constant."""
    theta = theta.detach()
    for _ in range(20):
        z = z - torch.linalg.solve(curvature(z, theta), condition(z, theta))
    return z.detach()


def attached(theta):
    """The minimum with two more steps of Newton's method, in which only the residual varies."""
    z = newton(zero, theta)
    fixed = curvature(z, theta.detach())
    for _ in range(2):
        z = z - torch.linalg.solve(fixed, condition(z, theta))
    return z


for name, inverse in (
    ("solve_cg", torchopt.linear_solve.solve_cg(maxiter=50, atol=1e-14)),
    ("solve_normal_cg", torchopt.linear_solve.solve_normal_cg(maxiter=50, atol=1e-14)),
):
    root = torchopt.diff.implicit.custom_root(condition, argnums=1, solve=inverse)(newton)
    twice(f"custom_root, {name}", lambda r=root: r(zero, theta), [theta])
twice("two steps of Newton's method at the root", lambda: attached(theta), [theta])
