# right: pitfalls/vmap/inner_right.py
import warnings

import torch
from torch.func import jvp

warnings.simplefilter("ignore", DeprecationWarning)


def slope(x):
    return torch.autograd.grad((x**3).sum(), x, create_graph=True)[0]


x = torch.tensor([1.0, -1.0], requires_grad=True)
jvp(slope, (x,), (torch.ones(2),))
#! RuntimeError: element 0 of tensors does not require grad and does not have a grad_fn
