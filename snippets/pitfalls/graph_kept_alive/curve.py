import weakref

import matplotlib.pyplot as plt
import torch
from torch import nn
from torch.autograd.graph import saved_tensors_hooks

torch.manual_seed(0)
critic = nn.Sequential(nn.Linear(64, 256), nn.SiLU(), nn.Linear(256, 1))


def kept(entry, steps=20):
    alive, log, after_each = weakref.WeakSet(), [], []

    class Saved:
        def __init__(self, tensor):
            self.tensor = tensor.detach()
            alive.add(self)

    with saved_tensors_hooks(Saved, lambda saved: saved.tensor):
        for _ in range(steps):
            x = torch.randn(256, 64, requires_grad=True)
            u = critic(x).sum()
            slope = torch.autograd.grad(u, x, create_graph=True)[0]
            penalty = slope.pow(2).mean()
            log.append(entry(penalty))
            del x, u, slope, penalty
            saved = [one.tensor for one in alive]
            held = {one.data_ptr(): one.nbytes for one in saved}
            after_each.append(sum(held.values()) / 2**20)
            del saved
    return after_each


tensors = kept(lambda penalty: penalty)
numbers = kept(torch.Tensor.item)
after_twenty, most_with_numbers = tensors[-1], max(numbers)
print(f"MiB: {after_twenty:.0f}, with numbers: {most_with_numbers:.0f}")
#> MiB: 38, with numbers: 0
curve, axes = plt.subplots(figsize=(6.4, 2.6))
axes.plot(range(1, 21), tensors, "C1--")
axes.plot(range(1, 21), numbers, "C0")
points = {"textcoords": "offset points"}
axes.annotate("log.append(penalty)", (12, tensors[11]), (8, -14), **points)
axes.annotate("log.append(penalty.item())", (12, 0), (0, 5), **points)
axes.set(xlabel="steps", ylabel="MiB of saved tensors")
axes.set_xticks(range(0, 21, 5))
