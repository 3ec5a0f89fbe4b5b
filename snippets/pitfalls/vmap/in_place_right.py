import torch
from torch.func import grad, vmap


def f(x):
    out = torch.stack([x[0] ** 3, x[0] * x[1]])
    return (out**2).sum()


def filled(x):
    out = x.new_zeros(2)  # of x, so vmap gives each sample its own
    out[0] = x[0] ** 3
    out[1] = x[0] * x[1]
    return (out**2).sum()


X = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
slopes = vmap(grad(f))(X).tolist()
print(slopes, slopes == vmap(grad(filled))(X).tolist())
#> [[14.0, 4.0], [1554.0, 72.0]] True
