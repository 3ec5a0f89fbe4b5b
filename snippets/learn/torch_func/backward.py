import torch
from torch.func import grad


def c(a, b):
    return a * a * b


a = torch.tensor(1.0, requires_grad=True)
b = torch.tensor(2.0)
dc_da = grad(c)(a, b)
print("requires_grad:", dc_da.requires_grad)
#> requires_grad: True
d = (a + dc_da) * b
d.backward()
print("a.grad:", a.grad)
#> a.grad: tensor(10.)
