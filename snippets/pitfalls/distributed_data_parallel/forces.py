# timeout: 60
import os
import tempfile
from pathlib import Path

import torch
import torch.distributed as dist
from torch import nn
from torch.multiprocessing import get_context
from torch.nn.parallel import DistributedDataParallel


class Potential(nn.Module):
    def __init__(self):
        super().__init__()
        layers = nn.Linear(2, 8), nn.SiLU(), nn.Linear(8, 2)
        self.net = nn.Sequential(*layers)

    def forward(self, positions):
        i, j = torch.triu_indices(len(positions), len(positions), 1)
        distance = (positions[i] - positions[j]).norm(dim=1, keepdim=True)
        features = torch.cat([distance, 1 / distance], dim=1)
        return self.net(features).sum()


# --8<-- [start:forces]
class Forces(nn.Module):
    """What DDP, or DataParallel, wraps: energy and forces together."""

    def __init__(self, potential):
        super().__init__()
        self.potential = potential

    def forward(self, positions):
        with torch.enable_grad():
            # --8<-- [mark]
            positions = positions.detach().requires_grad_()
            energy = self.potential(positions)
            slope = torch.autograd.grad(
                energy,
                positions,
                create_graph=self.training,
            )[0]
        return energy, -slope


def train_step(net, positions, energy, forces):
    found, pull = net(positions)
    # --8<-- [mark]
    count = torch.tensor(float(forces.numel()))
    dist.all_reduce(count)
    share = dist.get_world_size() / count
    loss = (found - energy) ** 2
    loss = loss + share * (pull - forces).pow(2).sum()
    loss.backward()
# --8<-- [end:forces]


def train(rank, store):
    dist.init_process_group("gloo", store, rank=rank, world_size=2)
    torch.manual_seed(0)
    net = DistributedDataParallel(Forces(Potential()).double())
    torch.manual_seed(1 + rank)
    positions, forces = torch.randn(2, 3 + rank, 3).double()
    train_step(net, positions, torch.tensor(1.0), forces)
    grads = [p.grad.flatten() for p in net.parameters()]
    return torch.cat(grads).norm().item()


def second(store, pipe):
    try:
        pipe.send(train(1, store))
    finally:
        os._exit(0)


# --8<-- [start:main]
if __name__ == "__main__":
    spawn = get_context("spawn")
    store = Path(tempfile.mkdtemp(), "store").as_uri()
    here, there = spawn.Pipe()
    spawn.Process(target=second, args=(store, there)).start()
    norms = [train(0, store), here.recv()]
    print("norm of the gradient on each rank:", [round(n, 4) for n in norms])
#> norm of the gradient on each rank: [44.6452, 44.6452]
# --8<-- [end:main]
