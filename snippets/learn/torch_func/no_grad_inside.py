# wrong: dd_da is 2.0, the derivative is 10.0
# right: learn/torch_func/nested.py
import torch
from torch.func import grad


def c(a, b):
    return a * a * b


def d(a, b):
    with torch.no_grad():
        dc_da = grad(c)(a, b)
    return (a + dc_da) * b


dd_da = grad(d)(torch.tensor(1.0), torch.tensor(2.0))
print("dd_da:", dd_da)
#> dd_da: tensor(2.)
