import torch
from torch import nn

torch.manual_seed(0)
# --8<-- [mark]
net = nn.Sequential(nn.Linear(1, 8), nn.Tanh(), nn.Linear(8, 1)).double()
x = torch.linspace(-1, 1, 5, dtype=torch.float64).reshape(-1, 1)
x.requires_grad_()
u_x = torch.autograd.grad(net(x).sum(), x, create_graph=True)[0]
u_xx = torch.autograd.grad(u_x.sum(), x, create_graph=True)[0]
print("u_xx requires grad:", u_xx.requires_grad)
#> u_xx requires grad: True
residual = (u_xx + 1).pow(2).mean()
slope = torch.autograd.grad(residual, net[0].weight)[0].norm().item()
print("slope:", round(slope, 4))
#> slope: 0.3128
