# wrong: slope is 8.0, the derivative is 12.0
# right: pitfalls/vmap/silent_right.py
import torch
from torch.func import grad


def f(x):
    # --8<-- [mark]
    return x**2 * x.item()


slope = grad(f)(torch.tensor(2.0)).item()
print(slope)
#> 8.0
