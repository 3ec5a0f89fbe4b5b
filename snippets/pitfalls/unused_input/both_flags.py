import torch

a = torch.tensor(3.0, requires_grad=True)
x = torch.tensor(2.0, requires_grad=True)
zero = torch.autograd.grad(
    a.exp(), x, create_graph=True, materialize_grads=True
)[0]
print("zero:", zero.item(), "requires_grad:", zero.requires_grad)
#> zero: 0.0 requires_grad: True
torch.autograd.grad(a.exp(), x, allow_unused=False, materialize_grads=True)
#! ValueError: Expected allow_unused to be True or not passed when materialize_grads=True,
#!   but got: allow_unused=False.
