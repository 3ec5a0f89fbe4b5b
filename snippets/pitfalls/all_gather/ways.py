# timeout: 60
import os
import tempfile
from pathlib import Path

import torch
import torch.distributed as dist
import torch.nn.functional as F
from torch import nn
from torch.distributed._functional_collectives import all_gather_single
from torch.multiprocessing import get_context
from torch.nn.parallel import DistributedDataParallel


def constant(f):
    """What the other ranks have, as numbers, and one's own with a graph."""
    parts = [torch.empty_like(f) for _ in range(dist.get_world_size())]
    dist.all_gather(parts, f.detach())
    parts[dist.get_rank()] = f
    return torch.cat(parts)


def recorded(f):
    return all_gather_single(f, 0, dist.group.WORLD)


def loss(f, h, rows):
    return F.cross_entropy(f[rows] @ h.T, torch.arange(8)[rows])


# --8<-- [start:ways]
def ways(net, z, own):
    """Name -> gradient on this rank, of the encoder or of its inputs."""
    for gathered in constant, recorded:
        for name, rows in ("its own rows", own), ("all rows", slice(8)):
            net.zero_grad()
            f, h = net(z).chunk(2)
            value = loss(gathered(f), gathered(h), rows)
            name = f"{gathered.__name__}, {name}"
            yield f"{name}, autograd.grad", slope(value, z)
            value.backward()
            yield f"{name}, backward", net.module[0].weight.grad
# --8<-- [end:ways]


def slope(value, z):
    return torch.autograd.grad(value, z, retain_graph=True)[0]


def encoder():
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(2, 3), nn.Tanh()).double()


def train(rank, store):
    dist.init_process_group("gloo", store, rank=rank, world_size=2)
    net = encoder()
    data = torch.randn(2, 8, 2).double()
    own = slice(4 * rank, 4 * rank + 4)
    # The same in one process, on the data of both.
    z = data.flatten(0, 1).requires_grad_()
    value = loss(*net(z).chunk(2), slice(8))
    by_z, by_w = torch.autograd.grad(value, [z, net[0].weight])
    by_z = by_z.view(2, 8, 2)[:, own].flatten(0, 1)
    wrapped = DistributedDataParallel(net)
    z = data[:, own].flatten(0, 1).requires_grad_()
    found = {}
    for name, gradient in ways(wrapped, z, own):
        true = by_z if "autograd.grad" in name else by_w
        factor = ((gradient * true).sum() / (true * true).sum()).item()
        alike = torch.allclose(gradient, factor * true)
        found[name] = f"{factor:.1f} times" if alike else "another"
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
        print(f"{name}: {first[name]}, {other[name]}")
#> constant, its own rows, autograd.grad: another, another
#> constant, its own rows, backward: another, another
#> constant, all rows, autograd.grad: 1.0 times, 1.0 times
#> constant, all rows, backward: 0.5 times, 0.5 times
#> recorded, its own rows, autograd.grad: 2.0 times, 2.0 times
#> recorded, its own rows, backward: 1.0 times, 1.0 times
#> recorded, all rows, autograd.grad: 2.0 times, 2.0 times
#> recorded, all rows, backward: 1.0 times, 1.0 times
# --8<-- [end:main]
