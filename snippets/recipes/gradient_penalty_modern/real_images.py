import torch
from torch import nn

torch.manual_seed(0)
critic = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 1))
optimizer = torch.optim.SGD(critic.parameters(), lr=0.1)
data = torch.randn(4, 2)

real = data.detach().requires_grad_()
slope = torch.autograd.grad(critic(real).sum(), real, create_graph=True)[0]
penalty = slope.square().sum(1).mean()
penalty.backward()
optimizer.step()
print("images changed:", not torch.equal(real, data))
#> images changed: False
print("critic trains:", critic[0].weight.grad.norm().item() > 0)
#> critic trains: True
