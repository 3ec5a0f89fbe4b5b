import torch
from torch import nn

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 1))
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
x = torch.randn(16, 2, requires_grad=True)
u = net(x)
slope = torch.autograd.grad(u.sum(), x, create_graph=True)[0]
penalty = slope.pow(2).mean()

# --8<-- [start:step]
# --8<-- [mark]
(u.pow(2).mean() + penalty).backward()
optimizer.step()
# --8<-- [end:step]
gradient = net[0].weight.grad
print("the first weight has a gradient:", gradient.any().item())
#> the first weight has a gradient: True
