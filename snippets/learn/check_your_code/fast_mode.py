import torch
from torch.autograd import gradcheck

torch.manual_seed(0)
torch.set_default_dtype(torch.float64)
A = torch.randn(200, 200, requires_grad=True)
x = torch.randn(200, requires_grad=True)


def loss(A, **flags):
    y = torch.tanh(A @ x).sum()
    dy_dx = torch.autograd.grad(y, x, **flags)[0]
    return y + dy_dx.pow(2).sum()


def right(A):
    return loss(A, create_graph=True)


def cut(A):
    return loss(A, retain_graph=True)


print(gradcheck(right, A, fast_mode=True))
#> True
print(gradcheck(cut, A, fast_mode=True, raise_exception=False))
#> False
