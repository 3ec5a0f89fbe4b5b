# wrong: batches_kept is 5, the number of batches still needed is 0
# right: pitfalls/graph_kept_alive/loop_right.py
import weakref

import torch
from torch import nn

torch.manual_seed(0)
critic = nn.Sequential(nn.Linear(2, 8), nn.SiLU(), nn.Linear(8, 1))
optimizer = torch.optim.Adam(critic.parameters(), lr=1e-3)
log = []


# --8<-- [start:step]
def train_step(x):
    x.requires_grad_()
    slope = torch.autograd.grad(critic(x).sum(), x, create_graph=True)[0]
    penalty = ((slope.norm(dim=1) - 1) ** 2).mean()
    optimizer.zero_grad()
    penalty.backward()
    optimizer.step()
    # --8<-- [mark]
    log.append(penalty)


# --8<-- [end:step]
batches = []
for _ in range(5):
    x = torch.randn(16, 2)
    train_step(x)
    batches.append(weakref.ref(x))
del x
batches_kept = sum(x() is not None for x in batches)
print("batches still in memory:", batches_kept)
#> batches still in memory: 5
