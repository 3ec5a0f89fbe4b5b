import torch
from torch.func import jvp

x = torch.tensor(0.5, requires_grad=True)
one = torch.tensor(1.0)


def f(x):
    return x**3


slope = jvp(f, (x,), (one,))[1]
#! DeprecationWarning: `torch.jit.script` is deprecated. Please switch to `torch.compile` or
#!   `torch.export`.
L = x**2 + slope
dL_dx = torch.autograd.grad(L, x)[0].item()
print("slope:", slope.item(), slope.requires_grad, "dL_dx:", dL_dx)
#> slope: 0.75 True dL_dx: 4.0
