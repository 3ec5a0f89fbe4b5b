"""A sample and its likelihood by a velocity, with respect to the start and the weights."""

import torch
from flow_matching.solver import ODESolver

from measured.libraries.inside import twice

net = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.Tanh(), torch.nn.Linear(4, 2))
start = torch.randn(3, 2)


def velocity(x, t, **extras):
    return net(torch.cat([x, t.expand(len(x), 1)], dim=1))


solver = ODESolver(velocity)
fixed = {"step_size": 0.25, "method": "midpoint"}
times = torch.tensor([0.0, 1.0])


def likelihood(exact, grad):
    torch.manual_seed(0)
    log_p0 = lambda x: -x.pow(2).sum(1) / 2  # noqa: E731
    return solver.compute_likelihood(
        start, log_p0, exact_divergence=exact, enable_grad=grad, **fixed
    )[1]


tensors = [start, *net.parameters()]
for grad in (True, False):
    twice(
        f"ODESolver.sample, enable_grad={grad}",
        lambda g=grad: solver.sample(start, time_grid=times, enable_grad=g, **fixed),
        tensors,
    )
    twice(
        f"compute_likelihood, enable_grad={grad}", lambda g=grad: likelihood(True, g), tensors[:-1]
    )
twice("compute_likelihood, exact_divergence=False", lambda: likelihood(False, True), tensors[:-1])
