# wrong: dL_dx is 1.0, the derivative is 4.0
# right: guides/from_others/linearize_right.py
import torch
from torch.func import linearize

x = torch.tensor(0.5, requires_grad=True)
one = torch.tensor(1.0)


def f(x):
    return x**3


slope = linearize(f, x)[1](one)
#! DeprecationWarning: `torch.jit.script` is deprecated. Please switch to `torch.compile` or
#!   `torch.export`.
#! UserWarning: Attempted to insert a get_attr Node with no underlying reference in the
#!   owning GraphModule! Call GraphModule.add_submodule to add the necessary submodule,
#!   GraphModule.add_parameter to add the necessary Parameter, or nn.Module.register_buffer
#!   to add the necessary buffer
L = x**2 + slope
dL_dx = torch.autograd.grad(L, x)[0].item()
print("slope:", slope.item(), slope.requires_grad, "dL_dx:", dL_dx)
#> slope: 0.75 True dL_dx: 1.0
