import gc
import weakref

import torch
from torch import nn

net = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 1))


# --8<-- [start:step]
def hutchinson(params):
    grads = [p.grad for p in params]
    signs = [torch.randn_like(g).sign() for g in grads]
    products = torch.autograd.grad(grads, params, signs)
    return [s * h for s, h in zip(signs, products)]


params = list(net.parameters())
net(torch.randn(16, 2)).pow(2).mean().backward(create_graph=True)
#! UserWarning: Using backward() with create_graph=True will create a
#!   reference cycle between the parameter and its gradient which can cause
#!   a memory leak. We recommend using autograd.grad when creating the graph
#!   to avoid this. If you have to use this function, make sure to reset the
#!   .grad fields of your parameters to None after use to break the cycle
#!   and avoid the leak. (Triggered internally at ...)
diagonal = hutchinson(params)
for p in params:
    # --8<-- [mark]
    p.grad = None
# --8<-- [end:step]
seen = weakref.ref(params[0])
del net, params, p
gc.collect()
freed = seen() is None
print("freed:", freed)
#> freed: True
