import torch
from torch import nn

torch.manual_seed(0)
# --8<-- [start:net]
net = nn.Sequential(
    nn.Linear(1, 16),
    nn.GroupNorm(1, 16),
    nn.Tanh(),
    nn.Linear(16, 1),
).double()
# --8<-- [end:net]
optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
x = torch.linspace(-1, 1, 32, dtype=torch.float64).reshape(-1, 1)
x.requires_grad_()
# --8<-- [start:loss]
u = net(x)
u_x = torch.autograd.grad(u.sum(), x, create_graph=True)[0]
u_xx = torch.autograd.grad(u_x.sum(), x, create_graph=True)[0]
loss = (u_xx + torch.sin(x)).pow(2).mean()
optimizer.zero_grad()
loss.backward()
# --8<-- [end:loss]
slope = round(net[0].weight.grad.norm().item(), 3)
print(f"loss: {loss.item():.3f}, slope in the first layer: {slope}")
#> loss: 1.048, slope in the first layer: 1.856
