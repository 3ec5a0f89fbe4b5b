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


def terms(net, x):
    y = net(x)
    slope = torch.autograd.grad(y, x, create_graph=True)[0]
    return y**2, slope**2


# --8<-- [start:ways]
def together(net, x):
    loss, penalty = terms(net, x)
    (loss + penalty).backward()


def one_after_the_other(net, x):
    loss, penalty = terms(net, x)
    loss.backward(retain_graph=True)
    penalty.backward()


def penalty_unsynchronized_first(net, x):
    with net.no_sync():
        _, penalty = terms(net, x)
        penalty.backward()
    (net(x) ** 2).backward()


def no_sync_around_backward_only(net, x):
    loss, penalty = terms(net, x)
    with net.no_sync():
        loss.backward(retain_graph=True)
    penalty.backward()


def past_the_wrapper(net, x):
    loss, penalty = terms(net.module, x)
    (loss + penalty).backward()


def wrapper_not_kept(net, x):
    loss, penalty = terms(lambda x: DistributedDataParallel(net.module)(x), x)
    (loss + penalty).backward()


def outer_autograd_grad(net, x):
    loss, penalty = terms(net, x)
    parameters = list(net.parameters())
    gradients = torch.autograd.grad(loss + penalty, parameters)
    for parameter, gradient in zip(parameters, gradients):
        parameter.grad = gradient


def outer_autograd_grad_reduced(net, x):
    outer_autograd_grad(net, x)
    for parameter in net.parameters():
        dist.all_reduce(parameter.grad)
        parameter.grad /= dist.get_world_size()
# --8<-- [end:ways]


def train(rank, store):
    dist.init_process_group("gloo", store, rank=rank, world_size=2)
    found = {}

    def run(way, name, **options):
        net = DistributedDataParallel(Cubic(), **options)
        way(net, torch.tensor(1.0 + rank, requires_grad=True))
        found[name] = net.module.w.grad.item()

    ways = [together, one_after_the_other, penalty_unsynchronized_first]
    ways += [no_sync_around_backward_only]
    ways += [past_the_wrapper, wrapper_not_kept, outer_autograd_grad]
    for way in [*ways, outer_autograd_grad_reduced]:
        run(way, way.__name__)
    run(together, "together, static_graph=True", static_graph=True)
    return found


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
    first, other = train(0, store), here.recv()
    for name in first:
        print(f"{name:30}{first[name]:8.1f}{other[name]:8.1f}")
#> together                         218.0   218.0
#> one_after_the_other               83.0   353.0
#> penalty_unsynchronized_first     218.0   218.0
#> no_sync_around_backward_only      83.0   353.0
#> past_the_wrapper                  20.0   416.0
#> wrapper_not_kept                  20.0   416.0
#> outer_autograd_grad               20.0   416.0
#> outer_autograd_grad_reduced      218.0   218.0
#> together, static_graph=True       20.0   416.0
# --8<-- [end:main]
