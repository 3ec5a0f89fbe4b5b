import statistics
import time

import torch
from torch import nn


# --8<-- [start:seconds]
def seconds(step, device, rounds=10):
    """The median time of a step, until its work on the device is done."""
    times = []
    for _ in range(3 + rounds):
        # --8<-- [mark]
        wait(device)
        start = time.perf_counter()
        step()
        # --8<-- [mark]
        wait(device)
        times.append(time.perf_counter() - start)
    return statistics.median(times[3:])


def wait(device):
    if device.type != "cpu":
        torch.accelerator.synchronize(device)
# --8<-- [end:seconds]


# --8<-- [start:steps]
accelerator = torch.accelerator.current_accelerator(check_available=True)
device = accelerator or torch.device("cpu")
layers = nn.Conv2d(3, 8, 3, padding=1), nn.Tanh(), nn.Conv2d(8, 1, 3)
net = nn.Sequential(*layers)
net, x = net.to(device), torch.randn(4, 3, 16, 16, device=device)


def first():
    torch.autograd.grad(net(x).sum(), list(net.parameters()))


def second():
    z = x.detach().requires_grad_()
    slope = torch.autograd.grad(net(z).sum(), z, create_graph=True)[0]
    slope.pow(2).sum().backward()


ratio = seconds(second, device) / seconds(first, device)
print("penalty over gradient, measured:", ratio > 0)
#> penalty over gradient, measured: True
# --8<-- [end:steps]
