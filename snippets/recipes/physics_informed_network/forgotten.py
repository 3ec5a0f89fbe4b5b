# right: recipes/physics_informed_network/second.py
import torch

x = torch.linspace(0, 1, 5, requires_grad=True)
u = torch.sin(x)
u_x = torch.autograd.grad(u.sum(), x)[0]
u_xx = torch.autograd.grad(u_x.sum(), x)[0]
#! RuntimeError: element 0 of tensors does not require grad and does not have a grad_fn
