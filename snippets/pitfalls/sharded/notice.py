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
    net.set_reshard_after_backward(False)
    x = torch.tensor([[1.0 + rank]], requires_grad=True)
    y_x = torch.autograd.grad(net(x).pow(3).sum(), x, create_graph=True)[0]
    y_x.pow(2).sum().backward()
    return type(net.weight).__name__, net.weight.grad is None
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
    kind, missing = train(0, store)
    print(f"weight: {kind}, gradient is None: {missing}")
#> weight: Parameter, gradient is None: True
