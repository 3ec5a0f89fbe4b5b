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
    dist.init_process_group("gloo", init_method=store, rank=rank, world_size=2)
    net = DistributedDataParallel(Cubic())
    x = torch.tensor(1.0 + rank, requires_grad=True)
    y = net(x)
    y_x = torch.autograd.grad(y, x, create_graph=True)[0]
    total = y**2 + y_x**2
    parameters = list(net.parameters())
    gradients = torch.autograd.grad(total, parameters)
    for parameter, gradient in zip(parameters, gradients):
        dist.all_reduce(gradient)
        parameter.grad = gradient / dist.get_world_size()
    return net.module.w.grad.item()
# --8<-- [end:train]


def second(store, pipe):
    try:
        pipe.send(train(1, store))
    finally:
        os._exit(0)


if __name__ == "__main__":
    spawn = get_context("spawn")
    store, (here, there) = Path(tempfile.mkdtemp(), "store").as_uri(), spawn.Pipe()
    spawn.Process(target=second, args=(store, there)).start()
    dT_dw = [train(0, store), here.recv()]
    print("dT_dw on rank 0 and 1:", dT_dw)
#> dT_dw on rank 0 and 1: [218.0, 218.0]
