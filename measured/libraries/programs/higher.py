"""The loss after an inner step, with respect to the weights before it, and to the step's size."""

import higher
import torch

from measured.libraries.inside import once

net = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.Tanh(), torch.nn.Linear(4, 1))
x, y = torch.randn(5, 3), torch.randn(5, 1)
rate = torch.tensor(0.1)


def after(optimizer, steps=2, rate=None, **options):
    """The loss after inner steps, differentiable through them."""
    override = None if rate is None else {"lr": [rate]}
    inner = higher.innerloop_ctx(
        net, optimizer, copy_initial_weights=False, override=override, **options
    )
    with inner as (functional, steps_of):
        for _ in range(steps):
            steps_of.step(((functional(x) - y) ** 2).mean())
        return ((functional(x) - y) ** 2).mean()


weights = list(net.parameters())
sgd = torch.optim.SGD(weights, lr=0.1)
once("innerloop_ctx with SGD", lambda: after(sgd), weights)
once("innerloop_ctx with SGD, its rate", lambda: after(sgd, rate=rate), [rate])
adam = torch.optim.Adam(weights, lr=0.1)
once("innerloop_ctx with Adam", lambda: after(adam), weights)
momentum = torch.optim.SGD(weights, lr=0.1, momentum=0.9)
once("innerloop_ctx with momentum", lambda: after(momentum), weights)
once(
    "innerloop_ctx, track_higher_grads=False",
    lambda: after(sgd, track_higher_grads=False),
    weights,
)
teacher = torch.nn.Linear(3, 1)


def taught():
    """The loss on data after inner steps toward a second network, which is not in the context."""
    with higher.innerloop_ctx(net, sgd, copy_initial_weights=False) as (functional, steps_of):
        for _ in range(2):
            steps_of.step(((functional(x) - teacher(x)) ** 2).mean())
        return ((functional(x) - y) ** 2).mean()


once("a second network in the inner loss", taught, list(teacher.parameters()))
