# right: pitfalls/unused_input/named.py
import torch
from torch import nn

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1))
x = torch.rand(4, 2, requires_grad=True)
u_x = torch.autograd.grad(net(x).sum(), x, create_graph=True)[0]
penalty = u_x.pow(2).sum()
gradients = torch.autograd.grad(penalty, list(net.parameters()))
#! RuntimeError: The differentiated Tensor at index 3 appears to not have been used in the
#!   graph. Set allow_unused=True if this is the desired behavior.
