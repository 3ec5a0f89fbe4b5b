import warnings

import torch
from torch.func import hessian, vmap

warnings.simplefilter("ignore", DeprecationWarning)


def f(x):
    out = torch.where(x < 0, 0.5 * x, x)
    return (out**2).sum()


X = torch.tensor([[1.0, -2.0], [-3.0, -4.0]])
diagonals = vmap(hessian(f))(X).diagonal(dim1=1, dim2=2).tolist()
print(diagonals)
#> [[2.0, 0.5], [0.5, 0.5]]
