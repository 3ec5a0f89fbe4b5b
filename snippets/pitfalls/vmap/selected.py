# right: pitfalls/vmap/selected_right.py
import torch
from torch.func import grad, vmap


def f(x):
    return (x[x.nonzero()] ** 3).sum()


X = torch.tensor([[1.0, 0.0], [3.0, 4.0]])
vmap(grad(f))(X)
#! RuntimeError: vmap: We do not support batching operators that can output dynamic shape.
#!   Attempted to vmap over aten::nonzero. Please file an issue at
#!   https://github.com/pytorch/pytorch/issues if you need this feature.
