# right: pitfalls/distributed_data_parallel/critic_right.py
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
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # where C++ logs a warning
    dist.init_process_group("gloo", store, rank=rank, world_size=2)
    net = DistributedDataParallel(Cubic())
    y = net(torch.tensor(1.0 + rank))
    (y**2).backward(create_graph=True)
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
#! UserWarning: Using backward() with create_graph=True will create a
#!   reference cycle between the parameter and its gradient which can cause
#!   a memory leak. We recommend using autograd.grad when creating the graph
#!   to avoid this. If you have to use this function, make sure to reset the
#!   .grad fields of your parameters to None after use to break the cycle
#!   and avoid the leak. (Triggered internally at ...)
#! RuntimeError: a leaf Variable that requires grad is being used in an
#!   in-place operation.
