import weakref

import torch

alive = weakref.WeakSet()


class Saved:
    def __init__(self, tensor):
        self.tensor = tensor.detach()
        alive.add(self)


w = torch.ones(3, requires_grad=True)
log = []
with torch.autograd.graph.saved_tensors_hooks(Saved, lambda saved: saved.tensor):
    for _ in range(5):
        loss = (w**3).sum()
        g = torch.autograd.grad(loss, w, create_graph=True)[0]
        penalty = g.pow(2).sum()
        log.append(penalty.detach())
        learns = penalty.requires_grad
        del loss, g, penalty
kept = len(alive)
print("penalty.requires_grad:", learns, "saved tensors alive:", kept)
#> penalty.requires_grad: True saved tensors alive: 0
