# timeout: 60
import os
import tempfile
import warnings
from pathlib import Path

import torch
import torch.distributed as dist
from torch import nn
from torch.distributed.device_mesh import init_device_mesh
from torch.distributed.fsdp import (
    FullyShardedDataParallel,
    ShardingStrategy,
    fully_shard,
)
from torch.multiprocessing import get_context

warnings.simplefilter("ignore")


# --8<-- [start:inside]
class Loss(nn.Module):
    def __init__(self, net):
        super().__init__()
        self.net = net

    def forward(self, x, y):
        x = x.detach().requires_grad_()
        u = self.net(x)
        slope = torch.autograd.grad(u.sum(), x, create_graph=True)[0]
        return (u - y).pow(2).mean() + slope.pow(2).mean()


# --8<-- [end:inside]
def network():
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 1))


def losses(rank, wrapped, loss):
    optimizer = torch.optim.SGD(wrapped.parameters(), lr=0.1)
    torch.manual_seed(1)
    x, y = torch.randn(2, 4, 2), torch.randn(2, 4, 1)
    found = []
    for _ in range(3):
        value = loss(wrapped, x[rank], y[rank])
        optimizer.zero_grad()
        value.backward()
        optimizer.step()
        found.append(value.item())
    return found


def train(rank, store):
    dist.init_process_group("gloo", store, rank=rank, world_size=2)
    whole = fully_shard(Loss(network()), mesh=init_device_mesh("cpu", (2,)))
    inside = lambda net, x, y: net(x, y)
    found = {"fully_shard, inside": losses(rank, whole, inside)}
    options = {"device_id": torch.device("cpu"), "use_orig_params": True}
    for name in ("FULL_SHARD", "NO_SHARD"):
        options["sharding_strategy"] = ShardingStrategy[name]
        older = FullyShardedDataParallel(Loss(network()), **options)
        found[f"{name}, inside"] = losses(rank, older, inside)
    outside = FullyShardedDataParallel(network(), **options)
    by_loss = lambda net, x, y: Loss(net)(x, y)
    found["NO_SHARD, outside"] = losses(rank, outside, by_loss)
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
        means = [sum(pair) / 2 for pair in zip(first[name], other[name])]
        print(f"{name:22}", [round(loss, 4) for loss in means])
#> fully_shard, inside    [0.4228, 0.267, 0.2288]
#> FULL_SHARD, inside     [0.4228, 0.267, 0.2288]
#> NO_SHARD, inside       [0.4228, 0.267, 0.2288]
#> NO_SHARD, outside      [0.4228, 0.4228, 0.4228]
# --8<-- [end:main]
