# right: pitfalls/non_scalar_output/right.py
import torch
from torch import nn

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(1, 16), nn.Tanh(), nn.Linear(16, 1))
optimizer = torch.optim.Adam(net.parameters(), lr=1e-2)
x = torch.linspace(0, 1, 20)[:, None].requires_grad_()


# --8<-- [start:loop]
def residual(net, x):
    u = net(x)
    # --8<-- [mark]
    u_x = torch.autograd.grad(u, x, create_graph=True)[0]
    u_xx = torch.autograd.grad(u_x, x, create_graph=True)[0]
    return u_xx + u


for _ in range(50):
    loss = residual(net, x).pow(2).mean() + (net(x)[0] - 1).pow(2).sum()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
#! RuntimeError: grad can be implicitly created only for scalar outputs
# --8<-- [end:loop]
