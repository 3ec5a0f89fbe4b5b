# right: pitfalls/vmap/branch_right.py
import torch
from torch.func import grad, vmap


def f(x):
    if x > 0:
        return x**3
    return x**2


x = torch.tensor([1.0, -2.0, 3.0])
vmap(grad(grad(f)))(x)
#! RuntimeError: vmap: It looks like you're either (1) calling .item() on a Tensor or (2)
#!   attempting to use a Tensor in some data-dependent control flow or (3) encountering this
#!   error in PyTorch internals. For (1): we don't support vmap over calling .item() on a
#!   Tensor, please try to rewrite what you're doing with other operations. For (2): we
#!   don't support data-dependent control flow in vmap yet, please file an issue at
#!   https://github.com/pytorch/pytorch/issues . For (3): please file an issue.
