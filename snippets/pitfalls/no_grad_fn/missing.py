# right: pitfalls/no_grad_fn/right.py
import torch
from torch import nn

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(2, 16), nn.Tanh(), nn.Linear(16, 1))

optimizer = torch.optim.SGD(net.parameters(), lr=1e-2)
x = torch.randn(8, 2).requires_grad_()
# --8<-- [start:loop]
for _ in range(50):
    # --8<-- [mark]
    slope = torch.autograd.grad(net(x).sum(), x)[0]
    penalty = slope.pow(2).sum(dim=1).mean()
    optimizer.zero_grad()
    penalty.backward()
    optimizer.step()
#! RuntimeError: element 0 of tensors does not require grad and does not have a grad_fn
# --8<-- [end:loop]
