# wrong: batches_kept is 5, the number of batches still needed is 0
# right: pitfalls/graph_kept_alive/running_right.py
import weakref

import torch
from torch import nn

torch.manual_seed(0)
critic = nn.Sequential(nn.Linear(2, 8), nn.SiLU(), nn.Linear(8, 1))
batches = []

# --8<-- [start:mean]
total = 0
for _ in range(5):
    x = torch.randn(16, 2, requires_grad=True)
    slope = torch.autograd.grad(critic(x).sum(), x, create_graph=True)[0]
    # --8<-- [mark]
    total = total + slope.norm(dim=1).mean()
    batches.append(weakref.ref(x))
print(f"mean slope: {total / 5:.2f}")
#> mean slope: 0.08
# --8<-- [end:mean]
del x, slope
batches_kept = sum(x() is not None for x in batches)
print("batches still in memory:", batches_kept)
#> batches still in memory: 5
