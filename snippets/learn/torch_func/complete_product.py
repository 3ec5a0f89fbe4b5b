import torch


def hessian_times(f, w, v):
    return None  # complete, without a flag


def f(w):
    return w[0] ** 2 * w[1] + w[1] ** 3


w, v = torch.tensor([1.0, 2.0]), torch.tensor([3.0, -1.0])
print(hessian_times(f, w, v))
#> None
