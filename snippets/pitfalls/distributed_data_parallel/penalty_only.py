# wrong: dP_dw is [18.0, 288.0], the gradient of the mean is [153.0, 153.0]
# right: pitfalls/distributed_data_parallel/connected.py
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
    P = y_x**2
    P.backward()
    dP_dw = [torch.zeros(()) for _ in range(2)]
    dist.all_gather(dP_dw, net.module.w.grad)
    dist.destroy_process_group()
    return torch.stack(dP_dw).tolist()


if __name__ == "__main__":
    store = Path(tempfile.mkdtemp(), "store").as_uri()
    other = get_context("spawn").Process(target=train, args=(1, store))
    other.start()
    dP_dw = train(0, store)
    other.join()
    print("dP_dw on rank 0 and 1:", dP_dw)
#> dP_dw on rank 0 and 1: [18.0, 288.0]
