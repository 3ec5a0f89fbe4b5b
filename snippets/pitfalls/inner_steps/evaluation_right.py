import torch
from torch import nn
from torch.func import functional_call
from torch.nn.functional import mse_loss

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(1, 8), nn.Tanh(), nn.Linear(8, 1)).double()
x = torch.linspace(-2, 2, 9, dtype=torch.float64)[:, None]
y = torch.sin(x)

# --8<-- [start:adapt]
params = dict(net.named_parameters())
for _ in range(30):
    loss = mse_loss(functional_call(net, params, (x,)), y)
    g = torch.autograd.grad(loss, params.values())
    # --8<-- [mark]
    params = {
        n: (p - 0.1 * s).detach().requires_grad_()
        for (n, p), s in zip(params.items(), g)
    }
# --8<-- [end:adapt]
params = {n: p.detach() for n, p in params.items()}
loss = mse_loss(functional_call(net, params, (x,)), y).item()
tensors_kept = params["0.weight"].requires_grad
print(f"loss: {loss:.4f}, tensors kept: {tensors_kept}")
#> loss: 0.0114, tensors kept: False
