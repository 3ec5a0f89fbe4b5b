import weakref

import matplotlib.pyplot as plt
import torch
from torch import nn

torch.manual_seed(0)
critic = nn.Sequential(nn.Linear(64, 256), nn.SiLU(), nn.Linear(256, 1))


def kept(entry, steps=20):
    alive, log, after_each = weakref.WeakSet(), [], []

    class Saved:
        def __init__(self, tensor):
            self.tensor = tensor.detach()
            alive.add(self)

    with torch.autograd.graph.saved_tensors_hooks(Saved, lambda saved: saved.tensor):
        for _ in range(steps):
            x = torch.randn(256, 64, requires_grad=True)
            slope = torch.autograd.grad(critic(x).sum(), x, create_graph=True)[0]
            penalty = slope.pow(2).mean()
            log.append(entry(penalty))
            del x, slope, penalty
            held = {one.tensor.data_ptr(): one.tensor.nbytes for one in alive}
            after_each.append(sum(held.values()) / 2**20)
    return after_each


tensors = kept(lambda penalty: penalty)
numbers = kept(torch.Tensor.item)
after_twenty, most_with_numbers = tensors[-1], max(numbers)
print(f"MiB with tensors: {after_twenty:.0f}, with numbers: {most_with_numbers:.0f}")
#> MiB with tensors: 38, with numbers: 0
curve, axes = plt.subplots(figsize=(6.4, 2.6))
axes.plot(range(1, 21), tensors, "C1--")
axes.plot(range(1, 21), numbers, "C0")
axes.annotate("log.append(penalty)", (12, tensors[11]), (8, -14), textcoords="offset points")
axes.annotate("log.append(penalty.item())", (12, 0), (0, 5), textcoords="offset points")
axes.set(xlabel="steps", ylabel="MiB of saved tensors", xticks=range(0, 21, 5))
