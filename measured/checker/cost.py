"""How long the checker takes, against the plain step: ``python -m measured.checker.cost``.

Two sweeps of a loss with a gradient inside: parameters from 1e4 to 1e7, and nodes of the graph
up to 1e5. Times are the best of five steps and of two first questions, and one whole check, on one
thread.
"""

import time

import torch

from measured.checker.tool import check

PARAMETERS = (10_000, 100_000, 1_000_000, 10_000_000)
NODES = (100, 1_000, 10_000, 100_000)


def of_size(parameters, cut=True):
    """A network of about this many parameters, with a penalty on its input gradient."""
    width = int(parameters**0.5)
    net = torch.nn.Sequential(
        torch.nn.Linear(8, width), torch.nn.Tanh(), torch.nn.Linear(width, width),
        torch.nn.Tanh(), torch.nn.Linear(width, 1),
    )  # fmt: skip
    x = torch.randn(8, 8, requires_grad=True)

    def loss_fn():
        y = net(x)
        g = torch.autograd.grad(y.sum(), x, create_graph=not cut, retain_graph=True)[0]
        return y.pow(2).mean() + g.pow(2).mean()

    return loss_fn, list(net.parameters())


def of_length(nodes, cut=True):
    """A chain of operations whose graph has about this many nodes."""
    w = torch.full((4,), 0.5, requires_grad=True)
    steps = nodes // (2 if cut else 8)

    def loss_fn():
        x = torch.ones(4, requires_grad=True)
        y = x
        for _ in range(steps):
            y = torch.sin(y * w)
        g = torch.autograd.grad(y.sum(), x, create_graph=not cut, retain_graph=True)[0]
        return y.sum() + g.pow(2).sum()

    return loss_fn, [w]


def timed(function):
    """Seconds of the processor that a call takes: other programs do not count."""
    start = time.process_time()
    function()
    return time.process_time() - start


def row(loss_fn, params):
    """(seconds of a training step, of the first question alone, of both)."""
    step = min(timed(lambda: torch.autograd.grad(loss_fn(), params)) for _ in range(5))
    first = min(timed(lambda: check(loss_fn, params, differences=False)) for _ in range(2))
    return step, first, timed(lambda: check(loss_fn, params))


def rows() -> list[dict]:
    """Both sweeps, for a penalty that is right and for one that is cut."""
    check(*of_size(100))  # what PyTorch imports when it is first needed is not counted
    found = []
    for make, sizes, unit in ((of_size, PARAMETERS, "parameters"), (of_length, NODES, "nodes")):
        for size in sizes:
            for cut in (False, True):
                step, first, both = row(*make(size, cut))
                found.append(
                    {"unit": unit, "size": size, "cut": cut, "step": round(step, 6),
                     "first": round(first / step, 1), "both": round(both / step, 1)}
                )  # fmt: skip
    return found
