import torch

a = torch.tensor(3.0, requires_grad=True)
x = torch.tensor(2.0, requires_grad=True)
torch.autograd.grad(a * 2, x, allow_unused=False, materialize_grads=True)
#! ValueError: Expected allow_unused to be True or not passed when materialize_grads=True,
#!   but got: allow_unused=False.
