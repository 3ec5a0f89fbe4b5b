# right: pitfalls/non_scalar_output/func_right.py
import torch
from torch.func import grad


def u(x):
    return (x**3).sum()


grad(grad(u))(torch.tensor([1.0, 2.0]))
#! RuntimeError: grad_and_value(f)(*args): Expected f(*args) to return a scalar
#!   Tensor, got tensor with 1 dims. Maybe you wanted to use the vjp or jacrev
#!   APIs instead?
