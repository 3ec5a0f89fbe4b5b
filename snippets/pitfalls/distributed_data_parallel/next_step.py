# right: pitfalls/distributed_data_parallel/connected.py
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
    for _ in range(2):
        x = torch.tensor(1.0 + rank, requires_grad=True)
        y_x = torch.autograd.grad(net(x), x, create_graph=True)[0]
        (y_x**2).backward()


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
#! RuntimeError: Expected to have finished reduction in the prior
#!   iteration before starting a new one. This error indicates that your
#!   module has parameters that were not used in producing loss. You can
#!   enable unused parameter detection by passing the keyword argument
#!   `find_unused_parameters=True` to
#!   `torch.nn.parallel.DistributedDataParallel`, and by making sure all
#!   `forward` function outputs participate in calculating loss. If you
#!   already have done the above, then the distributed data parallel module
#!   wasn't able to locate the output tensors in the return value of your
#!   module's `forward` function. Please include the loss function and the
#!   structure of the return value of `forward` of your module when
#!   reporting this issue (e.g. list, dict, iterable). Parameter indices
#!   which did not receive grad for rank 0: 1 In addition, you can set the
#!   environment variable TORCH_DISTRIBUTED_DEBUG to either INFO or DETAIL
#!   to print out information about which particular parameters did not
#!   receive gradient on this rank as part of this error
