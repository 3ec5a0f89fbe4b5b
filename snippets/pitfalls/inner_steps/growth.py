import weakref

import torch

alive = weakref.WeakSet()


class Saved:
    def __init__(self, tensor):
        self.tensor = tensor.detach()
        alive.add(self)


def kib():
    tensors = [saved.tensor for saved in alive]
    return sum({t.data_ptr(): t.nbytes for t in tensors}.values()) // 1024


def kept(steps, create_graph):
    w = torch.ones(1024, requires_grad=True)
    with torch.autograd.graph.saved_tensors_hooks(Saved, lambda saved: saved.tensor):
        for _ in range(steps):
            L = (w**4).sum() / 4
            w = w - 0.1 * torch.autograd.grad(L, w, create_graph=create_graph)[0]
        return kib()


steps = [1, 2, 4, 8, 16]
exact = [kept(k, create_graph=True) for k in steps]
first_order = [kept(k, create_graph=False) for k in steps]
print("KiB with create_graph:   ", exact)
#> KiB with create_graph:    [8, 16, 32, 64, 128]
print("KiB without create_graph:", first_order)
#> KiB without create_graph: [0, 0, 0, 0, 0]
