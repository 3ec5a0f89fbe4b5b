# wrong: equal is False, the answer for a gradient of the whole batch is True
# right: pitfalls/all_gather/penalty_right.py
# timeout: 60
import os
import tempfile
from pathlib import Path

import torch
import torch.distributed as dist
import torch.nn.functional as F
from torch import nn
from torch.distributed._functional_collectives import all_gather_single
from torch.multiprocessing import get_context
from torch.nn.parallel import DistributedDataParallel


def gathered(f):
    return all_gather_single(f, 0, dist.group.WORLD)


def contrastive(f, h):
    """The loss of this rank's rows, against the pairs of all ranks."""
    first = len(f) * dist.get_rank()
    labels = torch.arange(first, first + len(f))
    return F.cross_entropy(f @ gathered(h).T, labels)


# --8<-- [start:penalty]
def step(net, x, y):
    x.requires_grad_()
    f, h = net(torch.cat([x, y])).chunk(2)
    loss = contrastive(f, h)
    # --8<-- [mark]
    slope = torch.autograd.grad(loss, x, create_graph=True)[0]
    penalty = (8 * slope).pow(2).sum(1).mean()
    (loss + penalty).backward()
# --8<-- [end:penalty]


def train(rank, store):
    dist.init_process_group("gloo", store, rank=rank, world_size=2)
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(2, 3), nn.Tanh()).double()
    x, y = torch.randn(2, 8, 2).double()[:, 4 * rank : 4 * rank + 4]
    net = DistributedDataParallel(net)
    step(net, x, y)
    return net.module[0].weight.grad.norm().item()


def whole():
    """The same in one process, on the data of both ranks."""
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(2, 3), nn.Tanh()).double()
    x, y = torch.randn(2, 8, 2).double()
    x.requires_grad_()
    f, h = net(torch.cat([x, y])).chunk(2)
    loss = F.cross_entropy(f @ h.T, torch.arange(8))
    slope = torch.autograd.grad(loss, x, create_graph=True)[0]
    (loss + (8 * slope).pow(2).sum(1).mean()).backward()
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
#> norm of the gradient on rank 0 and 1: [2.0203, 2.0203]
#> as that of the whole batch: False
