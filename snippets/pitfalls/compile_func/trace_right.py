import warnings

import torch
from torch.func import jacrev

warnings.simplefilter("ignore")


def trace(A):
    return (A * torch.eye(len(A), dtype=A.dtype)).sum()


def f(A):
    return trace(A @ A) * trace(A)


A = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
H = torch.compile(jacrev(jacrev(f)), backend="aot_eager")(A)
second = H[0, 0].tolist()
print(second)
#> [[14.0, 6.0], [4.0, 10.0]]
