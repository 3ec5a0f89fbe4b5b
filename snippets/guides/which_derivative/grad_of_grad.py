# right: guides/which_derivative/structures.py
import torch
from torch.func import grad


def f(tree):
    return (tree["a"] ** 2).sum() * tree["b"].sum()


grad(grad(f))({"a": torch.tensor([1.0, 2.0]), "b": torch.tensor([3.0])})
#! RuntimeError: grad_and_value(f)(*args): Expected f(*args) to return a Tensor, got <class
#!   'dict'>
