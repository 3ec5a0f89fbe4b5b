import warnings

import torch
from torch.func import jacrev, vmap

warnings.simplefilter("ignore")


def f(x):
    return (x**3).sum()


X = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
H = torch.compile(vmap(jacrev(jacrev(f))), backend="aot_eager")(X)
diagonals = H.diagonal(dim1=1, dim2=2).tolist()
print(diagonals)
#> [[6.0, 12.0], [18.0, 24.0]]
