# right: pitfalls/hooks/changed_right.py
import torch

x = torch.tensor([1.0, 2.0], requires_grad=True)
a = 2 * x
b = x**3
a.register_hook(lambda grad: grad.mul_(2))
L = (a + b).pow(2).sum()
g = torch.autograd.grad(L, x, create_graph=True)[0]
dg_dx = torch.autograd.grad(g.sum(), x)[0]
#! RuntimeError: one of the variables needed for gradient computation has been modified by
#!   an inplace operation: ...
