# wrong: kept is 5, the number of batches needed is 0
# right: pitfalls/graph_kept_alive/inputs_released.py
import weakref

import torch

w = torch.ones(3, requires_grad=True)
log = []
batches = []
for _ in range(5):
    x = torch.ones(8, 3, requires_grad=True)
    batches.append(weakref.ref(x))
    g = torch.autograd.grad(torch.tanh(x @ w).sum(), x, create_graph=True)[0]
    penalty = g.pow(2).sum()
    penalty.backward(inputs=[w])
    log.append(penalty)
    del x, g, penalty
kept = sum(x() is not None for x in batches)
print("batches still alive:", kept)
#> batches still alive: 5
