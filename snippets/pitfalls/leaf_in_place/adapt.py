import torch
from torch import nn
from torch.func import functional_call
from torch.nn.functional import mse_loss

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 1))
x, y = torch.randn(16, 2), torch.randn(16, 1)

# --8<-- [start:step]
params = dict(net.named_parameters())
loss = mse_loss(net(x), y)
grads = torch.autograd.grad(loss, params.values(), create_graph=True)
fast = {}
for (name, p), g in zip(params.items(), grads):
    # --8<-- [mark]
    fast[name] = p - 0.1 * g
outer_loss = mse_loss(functional_call(net, fast, (x,)), y)
outer_loss.backward()
# --8<-- [end:step]
falls = (outer_loss < loss).item()
reached = all(p.grad is not None for p in net.parameters())
print("the loss falls:", falls, "each weight has a gradient:", reached)
#> the loss falls: True each weight has a gradient: True
