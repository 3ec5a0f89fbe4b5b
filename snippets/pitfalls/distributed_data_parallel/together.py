# timeout: 90
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
    dist.init_process_group("gloo", init_method=store, rank=rank, world_size=2)
    net = DistributedDataParallel(Cubic())
    x = torch.tensor(1.0 + rank, requires_grad=True)
    y = net(x)
    y_x = torch.autograd.grad(y, x, create_graph=True)[0]
    total = y**2 + y_x**2
    total.backward()
    dT_dw = [torch.zeros(()) for _ in range(2)]
    dist.all_gather(dT_dw, net.module.w.grad)
    dist.destroy_process_group()
    return torch.stack(dT_dw).tolist()


if __name__ == "__main__":
    store = Path(tempfile.mkdtemp(), "store").as_uri()
    other = get_context("spawn").Process(target=train, args=(1, store))
    other.start()
    dT_dw = train(0, store)
    other.join()
    print("dT_dw on rank 0 and 1:", dT_dw)
#> dT_dw on rank 0 and 1: [218.0, 218.0]
