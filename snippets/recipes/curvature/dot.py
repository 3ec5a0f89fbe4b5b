# right: recipes/curvature/dot_right.py
import torch
from torch import nn

torch.manual_seed(0)
net = nn.Conv2d(1, 2, 3)
x = torch.randn(4, 1, 5, 5)
loss = net(x).tanh().square().mean()
g = torch.autograd.grad(loss, net.weight, create_graph=True)[0]
z = torch.randn_like(g).sign()
diagonal = z * torch.autograd.grad(g.dot(z), net.weight)[0]
#! RuntimeError: 1D tensors expected, but got 4D and 4D tensors
