import torch
from torch import nn

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(2, 16), nn.Tanh(), nn.Linear(16, 1))

optimizer = torch.optim.SGD(net.parameters(), lr=1e-2)
x = torch.randn(8, 2).requires_grad_()
before = net[0].weight.detach().clone()
# --8<-- [start:loop]
for _ in range(50):
    slope = torch.autograd.grad(
        net(x).sum(),
        x,
        create_graph=True,
    )[0]
    penalty = slope.pow(2).sum(dim=1).mean()
    optimizer.zero_grad()
    penalty.backward()
    optimizer.step()
# --8<-- [end:loop]
moved = not torch.equal(net[0].weight, before)
print("the weights have moved:", moved)
#> the weights have moved: True
