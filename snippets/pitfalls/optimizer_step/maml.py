# wrong: meta_gradient is None, the length of the meta-gradient is 0.6554
# right: pitfalls/optimizer_step/maml_right.py
import copy

import torch
from torch import nn
from torch.nn.functional import mse_loss

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(1, 8), nn.Tanh(), nn.Linear(8, 1)).double()
meta_optimizer = torch.optim.Adam(net.parameters(), lr=1e-2)
x = torch.linspace(-2, 2, 9, dtype=torch.float64)[:, None]
tasks = [(x, torch.sin(x + phase)) for phase in (0.0, 1.0)]

# --8<-- [start:loop]
query_loss = 0
for x, y in tasks:
    fast = copy.deepcopy(net)
    inner_optimizer = torch.optim.SGD(fast.parameters(), lr=0.1)
    mse_loss(fast(x), y).backward(inputs=list(fast.parameters()))
    # --8<-- [mark]
    inner_optimizer.step()
    query_loss = query_loss + mse_loss(fast(x), y)
meta_optimizer.zero_grad()
query_loss.backward()
meta_optimizer.step()
# --8<-- [end:loop]
meta_gradient = net[0].weight.grad
print("gradient of the model:", meta_gradient)
#> gradient of the model: None
