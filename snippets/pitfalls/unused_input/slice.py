# right: pitfalls/unused_input/columns.py
import torch
from torch import nn

net = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 1))
xt = torch.rand(5, 2, requires_grad=True)
u = net(xt)
t = xt[:, 1:]
u_t = torch.autograd.grad(u.sum(), t)[0]
#! RuntimeError: The differentiated Tensor at index 0 appears to not have been
#!   used in the graph. Set allow_unused=True if this is the desired behavior.
