# right: pitfalls/another_input/columns.py
import torch

torch.manual_seed(0)
net = torch.nn.Sequential(torch.nn.Linear(2, 8), torch.nn.Tanh(), torch.nn.Linear(8, 1))
xt = torch.rand(5, 2, requires_grad=True)
u = net(xt)
t = xt[:, 1:2]
torch.autograd.grad(u.sum(), t)
#! RuntimeError: The differentiated Tensor at index 0 appears to not have been used in the
#!   graph. Set allow_unused=True if this is the desired behavior.
