# right: pitfalls/vmap/in_place_right.py
import torch
from torch.func import grad, vmap


def f(x):
    out = torch.zeros(2)
    out[0] = x[0] ** 3
    out[1] = x[0] * x[1]
    return (out**2).sum()


X = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
vmap(grad(f))(X)
#! RuntimeError: vmap: inplace arithmetic(self, *extra_args) is not possible because there
#!   exists a Tensor `other` in extra_args that has more elements than `self`. This happened
#!   due to `other` being vmapped over but `self` not being vmapped over in a vmap. Please
#!   try to use out-of-place operators instead of inplace arithmetic. If said operator is
#!   being called inside the PyTorch framework, please file a bug report instead.
