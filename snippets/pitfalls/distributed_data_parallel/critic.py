# wrong: equal is False, the answer for a synchronized step is True
# right: pitfalls/distributed_data_parallel/critic_right.py
# timeout: 60
import os
import tempfile
from pathlib import Path

import torch
import torch.distributed as dist
from torch import nn
from torch.multiprocessing import get_context
from torch.nn.parallel import DistributedDataParallel


# --8<-- [start:step]
def train_step(critic, optimizer, real, fake):
    x = (0.5 * (real + fake)).requires_grad_()
    slope = torch.autograd.grad(critic(x).sum(), x, create_graph=True)[0]
    penalty = ((slope.norm(dim=1) - 1) ** 2).mean()
    loss = (critic(fake) - critic(real)).mean()
    optimizer.zero_grad()
    # --8<-- [mark]
    loss.backward()
    # --8<-- [mark]
    (10 * penalty).backward()
    optimizer.step()


# --8<-- [end:step]
def train(rank, store):
    dist.init_process_group("gloo", store, rank=rank, world_size=2)
    torch.manual_seed(rank)
    layers = nn.Linear(2, 8), nn.SiLU(), nn.Linear(8, 1)
    critic = DistributedDataParallel(nn.Sequential(*layers))
    optimizer = torch.optim.Adam(critic.parameters(), lr=1e-2)
    train_step(critic, optimizer, torch.randn(16, 2), torch.randn(16, 2))
    return critic.module[0].weight.flatten().tolist()


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
    first, other = train(0, store), here.recv()
    equal = first == other
    print("the ranks have equal weights:", equal)
#> the ranks have equal weights: False
