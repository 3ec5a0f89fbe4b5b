import weakref

import torch
from torch.autograd.graph import saved_tensors_hooks
from torch.utils.checkpoint import checkpoint

alive = weakref.WeakSet()


class Saved:
    def __init__(self, tensor):
        self.tensor = tensor.detach()
        alive.add(self)


def kib():
    tensors = [saved.tensor for saved in alive]
    return sum({t.data_ptr(): t.nbytes for t in tensors}.values()) // 1024


def step(w, create_graph=True):
    L = (w**4).sum() / 4
    return w - 0.1 * torch.autograd.grad(L, w, create_graph=create_graph)[0]


def kept(step, steps):
    w = torch.ones(1024, requires_grad=True)
    with saved_tensors_hooks(Saved, lambda saved: saved.tensor):
        for _ in range(steps):
            w = step(w)
        return kib()


steps = [1, 2, 4, 8, 16]
exact = [kept(step, k) for k in steps]
saving = lambda w: checkpoint(step, w, use_reentrant=False)
checkpointed = [kept(saving, k) for k in steps]
linear = lambda w: step(w, create_graph=False)
first_order = [kept(linear, k) for k in steps]
print("KiB with create_graph:   ", exact)
#> KiB with create_graph:    [8, 16, 32, 64, 128]
print("KiB, checkpointed:       ", checkpointed)
#> KiB, checkpointed:        [4, 8, 16, 32, 64]
print("KiB without create_graph:", first_order)
#> KiB without create_graph: [0, 0, 0, 0, 0]
