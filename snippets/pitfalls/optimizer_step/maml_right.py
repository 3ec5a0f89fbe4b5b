import torch
from torch import nn
from torch.func import functional_call
from torch.nn.functional import mse_loss

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(1, 8), nn.Tanh(), nn.Linear(8, 1)).double()
meta_optimizer = torch.optim.Adam(net.parameters(), lr=1e-2)
x = torch.linspace(-2, 2, 9, dtype=torch.float64)[:, None]
tasks = [(x, torch.sin(x + phase)) for phase in (0.0, 1.0)]

# --8<-- [start:loop]
query_loss = 0
for x, y in tasks:
    fast = dict(net.named_parameters())
    loss = mse_loss(functional_call(net, fast, (x,)), y)
    steps = torch.autograd.grad(
        loss,
        list(fast.values()),
        create_graph=True,
    )
    # --8<-- [mark]
    fast = {n: p - 0.1 * g for (n, p), g in zip(fast.items(), steps)}
    query_loss = query_loss + mse_loss(functional_call(net, fast, (x,)), y)
meta_optimizer.zero_grad()
query_loss.backward()
meta_optimizer.step()
# --8<-- [end:loop]
grads = [p.grad.flatten() for p in net.parameters()]
meta_gradient = round(torch.cat(grads).norm().item(), 4)
print("length of the meta-gradient:", meta_gradient)
#> length of the meta-gradient: 0.6554
