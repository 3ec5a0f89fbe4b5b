# right: pitfalls/unused_input/right.py
import torch
from torch import nn

net = nn.Sequential(nn.Linear(2, 16), nn.Tanh(), nn.Linear(16, 1))
x = torch.rand(32, 2)
# --8<-- [start:none]
output = net(x.clone().requires_grad_())
slope = torch.autograd.grad(
    output.sum(), x.requires_grad_(), create_graph=True, allow_unused=True
)[0]
penalty = slope.pow(2).sum(dim=1).mean()
#! AttributeError: 'NoneType' object has no attribute 'pow'
# --8<-- [end:none]
