import warnings

import torch
from torch.func import jacrev

warnings.simplefilter("ignore")


def f(x):
    return (x**3).sum()


x = torch.tensor([2.0, 1.0])
# --8<-- [start:hessian]
compiled = torch.compile(jacrev(jacrev(f)), backend="aot_eager")
H = compiled(x)
# --8<-- [end:hessian]
second = H[0, 0].item()
print(H.tolist())
#> [[12.0, 0.0], [0.0, 6.0]]
