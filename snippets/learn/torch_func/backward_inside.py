import torch
from torch.func import grad


def d(a, b):
    c = a * a * b
    c.backward()
    return (a + a.grad) * b


dd_da = grad(d)(torch.tensor(1.0), torch.tensor(2.0))
#! RuntimeError: backward() called inside a functorch transform. This is not
#!   supported, please use functorch.grad or functorch.vjp instead or call
#!   backward() outside of functorch transforms.
