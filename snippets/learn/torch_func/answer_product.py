import torch
from torch.func import grad


def hessian_times(f, w, v):
    return grad(lambda w: grad(f)(w) @ v)(w)


def f(w):
    return w[0] ** 2 * w[1] + w[1] ** 3


w, v = torch.tensor([1.0, 2.0]), torch.tensor([3.0, -1.0])
Hv = hessian_times(f, w, v)
print(Hv)
#> tensor([10., -6.])
