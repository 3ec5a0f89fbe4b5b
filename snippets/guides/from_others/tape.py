# wrong: dL_dx is [16.0, 12.0], the derivative is [1104.0, 1068.0]
# right: guides/from_others/tape_right.py
import torch
from torch.autograd import grad

x = torch.tensor([1.0, 2.0], requires_grad=True)


def f(x):
    return x[0] ** 2 * x[1] ** 3


g = grad(f(x), x)[0]
L = f(x) + g.pow(2).sum()
dL_dx = grad(L, x)[0].tolist()
print("L:", L.item(), "dL_dx:", dL_dx)
#> L: 408.0 dL_dx: [16.0, 12.0]
