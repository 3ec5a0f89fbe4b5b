# right: guides/functional/jvp.py
import torch
from torch.autograd.functional import jvp

x = torch.tensor([1.0, 2.0], requires_grad=True)
v = torch.ones(2)
jvp(lambda x: 2 * x, x, v, strict=True, create_graph=True)
#! RuntimeError: The jacobian of the user-provided function is independent of input 0. This
#!   is not allowed in strict mode when create_graph=True.
