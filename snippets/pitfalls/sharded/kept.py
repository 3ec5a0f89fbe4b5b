# wrong: penalty is 36.0, the third penalty is 13.7197
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
    net.set_reshard_after_backward(False)
    optimizer = torch.optim.SGD(net.parameters(), lr=1e-4)
    for _ in range(3):
        x = torch.tensor([[1.0 + rank]], requires_grad=True)
        y = net(x).pow(3).sum()
        y_x = torch.autograd.grad(y, x, create_graph=True)[0]
        penalty = y_x.pow(2).sum()
        optimizer.zero_grad()
        penalty.backward()
        optimizer.step()
    return penalty.item()
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
    penalty, other = train(0, store), here.recv()
    print(f"third penalty on rank 0: {penalty:.4f}, on rank 1: {other:.4f}")
#> third penalty on rank 0: 36.0000, on rank 1: 576.0000
