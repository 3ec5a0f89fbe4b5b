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


# --8<-- [start:train]
def train(rank, store):
    dist.init_process_group("gloo", store, rank=rank, world_size=2)
    net = torch.nn.Linear(1, 2, bias=False)
    torch.nn.init.ones_(net.weight)
    fully_shard(net, mesh=init_device_mesh("cpu", (2,)))
    x = torch.full((1, 1), 1.0 + rank, requires_grad=True)
    y = net(x).pow(3).sum()
    y_x = torch.autograd.grad(y, x, create_graph=True)[0]
    y_x.pow(2).sum().backward()
# --8<-- [end:train]


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
#! RuntimeError: The tensor has a non-zero number of elements, but its
#!   data is not allocated yet. If you're using torch.compile/export/fx, it
#!   is likely that we are erroneously tracing into a custom kernel. To fix
#!   this, please wrap the custom kernel into an opaque custom op. Please
#!   see the following for details:
#!   https://pytorch.org/tutorials/advanced/custom_ops_landing_page.html If
#!   you're using Caffe2, Caffe2 uses a lazy allocation, so you will need to
#!   call mutable_data() or raw_mutable_data() to actually allocate memory.
