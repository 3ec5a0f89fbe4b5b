# right: pitfalls/sharded/mlp.py
# timeout: 60
import os
import tempfile
from pathlib import Path

import torch
import torch.distributed as dist
from torch import nn
from torch.distributed.device_mesh import init_device_mesh
from torch.distributed.fsdp import fully_shard
from torch.multiprocessing import get_context


# --8<-- [start:step]
def train_step(net, optimizer, x, y):
    x = x.detach().requires_grad_()
    u = net(x)
    slope = torch.autograd.grad(u.sum(), x, create_graph=True)[0]
    loss = (u - y).pow(2).mean() + slope.pow(2).mean()
    optimizer.zero_grad()
    # --8<-- [mark]
    loss.backward()
    optimizer.step()
    return loss.item()


# --8<-- [end:step]
def network():
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 1))


def train(rank, store):
    dist.init_process_group("gloo", store, rank=rank, world_size=2)
    mesh, net = init_device_mesh("cpu", (2,)), network()
    for layer in (net[0], net[2], net):
        fully_shard(layer, mesh=mesh)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    torch.manual_seed(1)
    x, y = torch.randn(2, 4, 2), torch.randn(2, 4, 1)
    return [train_step(net, optimizer, x[rank], y[rank]) for _ in range(3)]


def second(store, pipe):
    try:
        pipe.send(train(1, store))
    finally:
        os._exit(0)


if __name__ == "__main__":
    spawn = get_context("spawn")
    store = Path(tempfile.mkdtemp(), "store").as_uri()
    here, there = spawn.Pipe()
    spawn.Process(target=second, args=(store, there)).start()
    train(0, store)
#! RuntimeError: setStorage: sizes [2, 8], strides [1, 2], storage offset
#!   0, and itemsize 4 requiring a storage size of 64 are out of bounds for
#!   storage of size 0
