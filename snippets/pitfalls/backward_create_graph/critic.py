# wrong: alive is 5, the number of batches still needed is 0
# right: pitfalls/backward_create_graph/critic_right.py
import gc
import weakref

import torch
from torch import nn

torch.manual_seed(0)
critic = nn.Sequential(nn.Linear(2, 8), nn.SiLU(), nn.Linear(8, 1))
optimizer = torch.optim.Adam(critic.parameters(), lr=1e-3)


# --8<-- [start:step]
def train_step(x):
    x.requires_grad_()
    # --8<-- [mark]
    critic(x).sum().backward(create_graph=True)
    slope = x.grad
    penalty = ((slope.norm(dim=1) - 1) ** 2).mean()
    optimizer.zero_grad()
    penalty.backward()
    optimizer.step()


# --8<-- [end:step]
batches = []
for _ in range(5):
    x = torch.randn(16, 2)
    train_step(x)
    batches.append(weakref.ref(x))
#! UserWarning: Using backward() with create_graph=True will create a
#!   reference cycle between the parameter and its gradient which can cause
#!   a memory leak. We recommend using autograd.grad when creating the graph
#!   to avoid this. If you have to use this function, make sure to reset the
#!   .grad fields of your parameters to None after use to break the cycle
#!   and avoid the leak. (Triggered internally at ...)
del x
gc.collect()
alive = sum(x() is not None for x in batches)
print("batches still in memory:", alive)
#> batches still in memory: 5
