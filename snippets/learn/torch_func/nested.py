import torch
from torch.func import grad


def c(a, b):
    return a * a * b


def d(a, b):
    return (a + grad(c)(a, b)) * b


a, b = torch.tensor(1.0), torch.tensor(2.0)
dc_da = grad(c)(a, b)
dd_da = grad(d)(a, b)
print(f"c: {c(a, b)}, dc_da: {dc_da}, d: {d(a, b)}, dd_da: {dd_da}")
#> c: 2.0, dc_da: 4.0, d: 10.0, dd_da: 10.0
