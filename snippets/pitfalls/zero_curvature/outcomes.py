import torch
from torch import nn

torch.manual_seed(0)
nets = {
    "linear": nn.Sequential(nn.Linear(2, 8), nn.Linear(8, 1)),
    "ReLU": nn.Sequential(nn.Linear(2, 8), nn.ReLU(), nn.Linear(8, 1)),
    "ReLU, LayerNorm": nn.Sequential(
        nn.Linear(2, 8), nn.LayerNorm(8), nn.ReLU(), nn.Linear(8, 1)
    ),
    "ReLU, tanh at the end": nn.Sequential(
        nn.Linear(2, 8), nn.ReLU(), nn.Linear(8, 1), nn.Tanh()
    ),
}
outcomes = []
for name, net in nets.items():
    x = torch.randn(4, 2, requires_grad=True)
    u_x = torch.autograd.grad(net(x).sum(), x, create_graph=True)[0]
    u_xx = torch.autograd.grad(u_x[:, 0].sum(), x, allow_unused=True)[0]
    if u_xx is None:
        outcomes.append("no path")
    else:
        outcomes.append("curved" if u_xx.any() else "zeros")
    print(f"{name}: {outcomes[-1]}")
#> linear: no path
#> ReLU: zeros
#> ReLU, LayerNorm: curved
#> ReLU, tanh at the end: curved
