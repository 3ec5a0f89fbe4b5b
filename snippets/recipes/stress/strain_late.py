# right: recipes/stress/kept.py
import torch

side, shifts = 1.5, torch.cat([torch.eye(3), -torch.eye(3)])
strain = torch.zeros(3, 3, requires_grad=True)
cell, x = side * torch.eye(3), torch.zeros(1, 3, requires_grad=True)
r = (shifts @ cell + x.detach() - x).norm(dim=1)  # too early
cell, x = cell @ (torch.eye(3) + strain), x @ (torch.eye(3) + strain)
E = ((r - 1) ** 2).sum() / 2
(dE_dstrain,) = torch.autograd.grad(E, strain)
#! RuntimeError: The differentiated Tensor at index 0 appears to not have been used in the
#!   graph. Set allow_unused=True if this is the desired behavior.
