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
    x = torch.tensor(1.0 + rank, requires_grad=True)
    y = net(x)
    y_x = torch.autograd.grad(y, x, create_graph=True)[0]
    P = y_x**2
    (P + 0 * y).backward()
    return net.module.w.grad.item()
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
#> dP_dw on rank 0 and 1: [153.0, 153.0]
