# right: pitfalls/vmap/item_right.py
import torch
from torch.func import grad, vmap


def f(x, length):
    return (x[:length] ** 3).sum()


X = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
lengths = torch.tensor([2, 3])
grad(lambda X: vmap(f)(X, lengths).sum())(X)
#! RuntimeError: vmap: It looks like you're calling .item() on a Tensor. We don't support
#!   vmap over calling .item() on a Tensor, please try to rewrite what you're doing with
#!   other operations. If error is occurring somewhere inside PyTorch internals, please file
#!   a bug report.
