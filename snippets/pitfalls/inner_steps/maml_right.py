import torch
from torch import nn
from torch.func import functional_call
from torch.nn.functional import mse_loss
from torch.utils.checkpoint import checkpoint

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(1, 8), nn.Tanh(), nn.Linear(8, 1)).double()
x = torch.linspace(-2, 2, 9, dtype=torch.float64)[:, None]
tasks = [(x, torch.sin(x + phase)) for phase in (0.0, 1.0)]


def step(params, x, y):
    loss = mse_loss(functional_call(net, params, (x,)), y)
    grads = torch.autograd.grad(loss, params.values(), create_graph=True)
    return {n: p - 0.1 * g for (n, p), g in zip(params.items(), grads)}


# --8<-- [start:tasks]
for x, y in tasks:
    params = dict(net.named_parameters())
    for _ in range(5):
        # --8<-- [mark]
        params = checkpoint(step, params, x, y, use_reentrant=False)
    # --8<-- [mark]
    mse_loss(functional_call(net, params, (x,)), y).backward()
# --8<-- [end:tasks]
meta_gradient = net[0].weight.grad.flatten().tolist()
print("meta-gradient:", [round(g, 4) for g in meta_gradient[:3]])
#> meta-gradient: [0.0198, -0.0158, 0.0142]
