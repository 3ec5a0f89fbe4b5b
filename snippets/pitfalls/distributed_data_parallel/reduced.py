# wrong: dP_dw is [16388.0, 16388.0], the derivative is [8450.0, 8450.0]
# right: pitfalls/distributed_data_parallel/reduced_right.py
# timeout: 60
import os
import tempfile
from pathlib import Path

import torch
import torch.distributed as dist
from torch.multiprocessing import get_context
from torch.nn.parallel import DistributedDataParallel


class Cubic(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.w = torch.nn.Parameter(torch.tensor(1.0))
        self.b = torch.nn.Parameter(torch.tensor(0.0))

    def forward(self, x):
        return self.w * x**3 + self.b


# --8<-- [start:train]
def train(rank, store):
    dist.init_process_group("gloo", store, rank=rank, world_size=2)
    net = DistributedDataParallel(Cubic())
    y = net(torch.tensor(1.0 + rank))
    w = net.module.w
    g = torch.autograd.grad(y**2, w, create_graph=True)[0]
    # --8<-- [mark]
    penalty = g**2
    (penalty + 0 * y).backward()
    return w.grad.item()
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
    dP_dw = [train(0, store), here.recv()]
    print("dP_dw on rank 0 and 1:", dP_dw)
#> dP_dw on rank 0 and 1: [16388.0, 16388.0]
