# wrong: slope is [0.0, 0.0], the derivative is [64.0, 64.0]
# right: pitfalls/vmap/built_right.py
import warnings

import torch
from torch.func import grad

warnings.simplefilter("ignore")  # it warns, once in a process


def f(x):
    # --8<-- [mark]
    pair = torch.tensor([x[0], 2 * x[1]])
    return pair.prod() ** 2


x = torch.tensor([2.0, 2.0])
slope = grad(f)(x).tolist()
print(slope)
#> [0.0, 0.0]
