import torch
from torch import nn

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 1))
x = torch.randn(16, 2)
first = net[0].weight.detach().clone()
net(x).pow(2).mean().backward()
with torch.no_grad():
    for p in net.parameters():
        p -= 0.1 * p.grad
        p.grad = None
print("moved:", not torch.equal(first, net[0].weight))
#> moved: True
