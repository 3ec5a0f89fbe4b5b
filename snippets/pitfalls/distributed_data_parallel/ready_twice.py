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


def train(rank, store):
    dist.init_process_group("gloo", store, rank=rank, world_size=2)
    net = DistributedDataParallel(Cubic())
    x = torch.tensor(1.0 + rank, requires_grad=True)
    y = net(x)
    y_x = torch.autograd.grad(y, x, create_graph=True)[0]
    (y_x**2).backward(retain_graph=True)
    (y**2).backward()


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
#! RuntimeError: Expected to mark a variable ready only once. This error
#!   is caused by one of the following reasons: 1) Use of a module parameter
#!   outside the `forward` function. Please make sure model parameters are
#!   not shared across multiple concurrent forward-backward passes. or try
#!   to use _set_static_graph() as a workaround if this module graph does
#!   not change during training loop.2) Reused parameters in multiple
#!   reentrant backward passes. For example, if you use multiple
#!   `checkpoint` functions to wrap the same part of your model, it would
#!   result in the same set of parameters been used by different reentrant
#!   backward passes multiple times, and hence marking a variable ready
#!   multiple times. DDP does not support such use cases in default. You can
#!   try to use _set_static_graph() as a workaround if your module graph
#!   does not change over iterations. Parameter at index 0 with name .w has
#!   been marked as ready twice. This means that multiple autograd engine
#!   hooks have fired for this particular parameter during this iteration.
