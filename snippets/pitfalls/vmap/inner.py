# right: pitfalls/vmap/inner_right.py
import torch
from torch.func import grad, vmap


def penalty(w, x):
    x = x.detach().requires_grad_()
    y = (w * x**3).sum()
    slope = torch.autograd.grad(y, x, create_graph=True)[0]
    return (slope**2).sum()


w = torch.tensor([1.0, 2.0])
X = torch.tensor([[1.0, -1.0], [0.5, 2.0]])
vmap(grad(penalty), in_dims=(None, 0))(w, X)
#! RuntimeError: You are attempting to call Tensor.requires_grad_() (or perhaps using
#!   torch.autograd.functional.* APIs) inside of a function being transformed by a functorch
#!   transform. This is unsupported, please attempt to use the functorch transforms (e.g.
#!   grad, vjp, jacrev, jacfwd, hessian) or call requires_grad_() outside of a function
#!   being transformed instead.
