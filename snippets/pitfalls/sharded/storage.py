# right: pitfalls/sharded/right.py
# timeout: 60
import os
import tempfile
from pathlib import Path

import torch
import torch.distributed as dist
from torch.distributed.device_mesh import init_device_mesh
from torch.distributed.fsdp import fully_shard
from torch.multiprocessing import get_context


def train(rank, store):
    dist.init_process_group("gloo", init_method=store, rank=rank, world_size=2)
    net = torch.nn.Linear(4, 2, bias=False)
    torch.nn.init.ones_(net.weight)
    fully_shard(net, mesh=init_device_mesh("cpu", (2,)))
    x = torch.full((3, 4), 1.0 + rank, requires_grad=True)
    y = net(x).pow(3).sum()
    y_x = torch.autograd.grad(y, x, create_graph=True)[0]
    y_x.pow(2).sum().backward()


def second(store, pipe):
    try:
        pipe.send(train(1, store))
    finally:
        os._exit(0)


if __name__ == "__main__":
    spawn = get_context("spawn")
    store, (here, there) = Path(tempfile.mkdtemp(), "store").as_uri(), spawn.Pipe()
    spawn.Process(target=second, args=(store, there)).start()
    train(0, store)
#! RuntimeError: setStorage: sizes [4, 2], strides [1, 4], storage offset 0, and itemsize 4
#!   requiring a storage size of 32 are out of bounds for storage of size 0
