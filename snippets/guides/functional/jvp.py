import warnings

import torch
from torch.autograd import functional
from torch.func import jvp, vjp

warnings.simplefilter("ignore", DeprecationWarning)


def f(x):
    return x**2 * x.flip(0)


x = torch.tensor([1.0, 2.0], requires_grad=True)
v = torch.tensor([3.0, 4.0])
# Two backward passes; a constant without create_graph=True:
Jv = functional.jvp(f, x, v, create_graph=True)[1]
print(Jv.tolist(), Jv.requires_grad)
#> [16.0, 28.0] True
# One forward pass, which can always be differentiated again:
forward = jvp(f, (x,), (v,))[1]
print(forward.tolist(), forward.requires_grad)
#> [16.0, 28.0] True
# The trick by hand: J^T u is linear in u, and its derivative is J.
pull = vjp(f, x)[1]
u = torch.zeros(2)
by_hand = vjp(lambda u: pull(u)[0], u)[1](v)[0]
print(by_hand.tolist(), by_hand.requires_grad)
#> [16.0, 28.0] True
flag = functional.jvp(f, x, v)[1].requires_grad
print("functional.jvp without the flag:", flag)
#> functional.jvp without the flag: False
