# right: pitfalls/no_grad_fn/early.py
import torch

x = torch.tensor([1.0, 2.0])
u = (x**3).sum()
x.requires_grad_()
u_x = torch.autograd.grad(u, x)[0]
#! RuntimeError: element 0 of tensors does not require grad and does not have a grad_fn
