# right: pitfalls/in_place/penalty_right.py
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
u.pow(2).mean().backward(retain_graph=True)
# --8<-- [mark]
optimizer.step()
penalty.backward()
#! RuntimeError: one of the variables needed for gradient computation has
#!   been modified by an inplace operation: [torch.FloatTensor [8, 2]],
#!   which is output 0 of AsStrided, is at version 2; expected version 1
#!   instead. Hint: enable anomaly detection to find the operation that
#!   failed to compute its gradient, with
#!   torch.autograd.set_detect_anomaly(True, check_nan=False).
# --8<-- [end:step]
