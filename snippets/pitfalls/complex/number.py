# right: pitfalls/complex/right.py
import torch

z = torch.tensor(1 + 2j, requires_grad=True)
L = z.abs() ** 4
g = torch.autograd.grad(L, z, create_graph=True)[0]
penalty = g**2
dP_dz = torch.autograd.grad(penalty, z)[0]
#! RuntimeError: grad can be implicitly created only for real scalar outputs but got
#!   torch.complex64
