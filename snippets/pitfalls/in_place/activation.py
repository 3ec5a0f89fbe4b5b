# right: pitfalls/in_place/activation_right.py
import torch

x = torch.tensor([1.0, 2.0], requires_grad=True)
h = 2 * x
L = (h**3).sum()
g = torch.autograd.grad(L, x, create_graph=True)[0]
h += 1
d2L = torch.autograd.grad(g.sum(), x)[0]
#! RuntimeError: one of the variables needed for gradient computation has been modified by
#!   an inplace operation: ...
