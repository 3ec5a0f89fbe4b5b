# wrong: equal is False, the answer for a gradient of the whole batch is True
# right: pitfalls/all_gather/contrastive_right.py
# timeout: 60
import os
import tempfile
from pathlib import Path

import torch
import torch.distributed as dist
import torch.nn.functional as F
from torch import nn
from torch.multiprocessing import get_context
from torch.nn.parallel import DistributedDataParallel


# --8<-- [start:loss]
def gathered(f):
    parts = [torch.empty_like(f) for _ in range(dist.get_world_size())]
    # --8<-- [mark]
    dist.all_gather(parts, f.detach())
    parts[dist.get_rank()] = f
    return torch.cat(parts)


def contrastive(f, h):
    """The loss of this rank's rows, against the pairs of all ranks."""
    first = len(f) * dist.get_rank()
    labels = torch.arange(first, first + len(f))
    return F.cross_entropy(f @ gathered(h).T, labels)
# --8<-- [end:loss]


def train(rank, store):
    dist.init_process_group("gloo", store, rank=rank, world_size=2)
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(2, 3), nn.Tanh()).double()
    x, y = torch.randn(2, 8, 2).double()[:, 4 * rank : 4 * rank + 4]
    net = DistributedDataParallel(net)
    f, h = net(torch.cat([x, y])).chunk(2)
    contrastive(f, h).backward()
    return net.module[0].weight.grad.norm().item()


def whole():
    """The same in one process, on the data of both ranks."""
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(2, 3), nn.Tanh()).double()
    x, y = torch.randn(2, 8, 2).double()
    f, h = net(torch.cat([x, y])).chunk(2)
    loss = F.cross_entropy(f @ h.T, torch.arange(8))
    loss.backward()
    return net[0].weight.grad.norm().item()


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
    norms = [round(norm, 4) for norm in (train(0, store), here.recv())]
    equal = norms == [round(whole(), 4)] * 2
    print("norm of the gradient on rank 0 and 1:", norms)
    print("as that of the whole batch:", equal)
#> norm of the gradient on rank 0 and 1: [0.2575, 0.2575]
#> as that of the whole batch: False
