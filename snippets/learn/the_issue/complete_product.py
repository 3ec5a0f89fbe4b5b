import torch


def hessian_times(f, w, v):
    return None  # complete: H v, with H the Hessian of f at w


def f(w):
    return w[0] ** 2 * w[1] + w[1] ** 3


w = torch.tensor([1.0, 2.0], requires_grad=True)
v = torch.tensor([3.0, -1.0])
print(hessian_times(f, w, v))
#> None
