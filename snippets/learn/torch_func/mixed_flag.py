import torch
from torch.func import grad


def d(a, b):
    c = a * a * b
    dc_da = torch.autograd.grad(
        c, a, create_graph=True
    )[0]
    return (a + dc_da) * b


dd_da = grad(d)(torch.tensor(1.0), torch.tensor(2.0))
print("dd_da:", dd_da)
#> dd_da: tensor(10.)
