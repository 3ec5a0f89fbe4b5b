import torch

net = torch.nn.Linear(2, 1)
x = torch.tensor([[0.3, -0.7]], dtype=torch.float64, requires_grad=True)
torch.autograd.gradgradcheck(net, x)
#! RuntimeError: mat1 and mat2 must have the same dtype, but got Double and
#!   Float
