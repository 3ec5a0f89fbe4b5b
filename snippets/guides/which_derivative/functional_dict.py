# right: guides/which_derivative/structures.py
import torch
from torch.autograd import functional


def f(tree):
    return (tree["a"] ** 2).sum() * tree["b"].sum()


functional.hessian(f, {"a": torch.tensor([1.0, 2.0]), "b": torch.tensor([3.0])})
#! TypeError: The inputs given to hessian must be either a Tensor or a tuple of Tensors but
#!   the given inputs has type <class 'dict'>.
