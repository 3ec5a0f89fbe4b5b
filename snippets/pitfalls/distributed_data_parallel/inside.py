# timeout: 60
import os
import tempfile
from pathlib import Path

import torch
import torch.distributed as dist
from torch import nn
from torch.func import functional_call
from torch.multiprocessing import get_context
from torch.nn.parallel import DistributedDataParallel


class Cubic(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.w = torch.nn.Parameter(torch.tensor(1.0))
        self.b = torch.nn.Parameter(torch.tensor(0.0))

    def forward(self, x):
        return self.w * x**3 + self.b


# --8<-- [start:inside]
class Penalty(nn.Module):
    def __init__(self, net):
        super().__init__()
        self.net = net

    def forward(self, x):
        x = x.detach().requires_grad_()
        y = self.net(x)
        return torch.autograd.grad(y, x, create_graph=True)[0] ** 2


class Adapted(nn.Module):
    def __init__(self, net):
        super().__init__()
        self.net = net

    def forward(self, x):
        params = dict(self.net.named_parameters())
        loss = functional_call(self.net, params, (x,)) ** 2
        steps = torch.autograd.grad(
            loss,
            list(params.values()),
            create_graph=True,
        )
        fast = {n: p - 0.01 * g for (n, p), g in zip(params.items(), steps)}
        return functional_call(self.net, fast, (x,)) ** 2
# --8<-- [end:inside]


def gradients(net, loss, steps):
    """The gradient in each step, on this rank."""
    found, w = [], next(net.parameters())
    for _ in range(steps):
        w.grad = None
        loss(net).backward()
        found.append(round(w.grad.item(), 4))
    return found


def train(rank, store):
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # where C++ logs a warning
    dist.init_process_group("gloo", store, rank=rank, world_size=2)
    x = torch.tensor(1.0 + rank)

    def outside(net):
        return Penalty(net)(x)

    found = {}
    search = {"find_unused_parameters": True}
    wrapped = DistributedDataParallel(Penalty(Cubic()), **search)
    found["penalty inside"] = gradients(wrapped, lambda net: net(x), 2)
    wrapped = DistributedDataParallel(Cubic(), **search)
    try:
        found["penalty outside"] = gradients(wrapped, outside, 2)
    except RuntimeError as error:
        found["penalty outside"] = str(error)[:25]
    wrapped = DistributedDataParallel(Adapted(Cubic()))
    found["adapted inside"] = gradients(wrapped, lambda net: net(x), 2)
    past = lambda net: net.module(x)
    found["past the wrapper"] = gradients(wrapped, past, 2)
    return found


def second(store, pipe):
    try:
        pipe.send(train(1, store))
    finally:
        os._exit(0)


# --8<-- [start:main]
if __name__ == "__main__":
    spawn = get_context("spawn")
    store = Path(tempfile.mkdtemp(), "store").as_uri()
    here, there = spawn.Pipe()
    spawn.Process(target=second, args=(store, there)).start()
    first, other = train(0, store), here.recv()
    for name in first:
        print(f"{name:17}", first[name], other[name])
#> penalty inside    [153.0, 153.0] [153.0, 153.0]
#> penalty outside   Expected to have finished Expected to have finished
#> adapted inside    [6.6816, 6.6816] [6.6816, 6.6816]
#> past the wrapper  [1.8432, 1.8432] [11.52, 11.52]
# --8<-- [end:main]
