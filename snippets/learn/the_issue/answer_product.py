import torch


def hessian_times(f, w, v):
    g = torch.autograd.grad(
        f(w), w, create_graph=True
    )[0]
    return torch.autograd.grad(g @ v, w)[0]


def f(w):
    return w[0] ** 2 * w[1] + w[1] ** 3


w = torch.tensor([1.0, 2.0], requires_grad=True)
v = torch.tensor([3.0, -1.0])
Hv = hessian_times(f, w, v)
print(Hv)
#> tensor([10., -6.])
