# right: pitfalls/vmap/condition_right.py
import torch
from torch.func import grad, vmap


def f(x):
    if not torch.isfinite(x).all():
        raise ValueError("x is not finite")
    return (x**3).sum()


X = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
grad(lambda X: vmap(f)(X).sum())(X)
#! RuntimeError: vmap: It looks like you're attempting to use a Tensor in some
#!   data-dependent control flow. We don't support that yet, please file an issue at
#!   https://github.com/pytorch/pytorch/issues .
