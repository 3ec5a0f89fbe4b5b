# wrong: second is -12.30, the second derivative is -0.09
# right: pitfalls/forward_over_reverse/batched_right.py
import warnings

import torch
from torch.func import hessian, vmap

warnings.simplefilter("ignore", DeprecationWarning)
A = torch.tensor([[[2, 1], [1, 3]], [[4, 1], [2, 3]]], dtype=torch.float64)
# --8<-- [start:shown]
logdet = lambda A: torch.linalg.slogdet(A)[1]
# --8<-- [mark]
H = vmap(hessian(logdet))(A)
second = H[1, 0, 0, 0, 0].item()
print(f"{H[0, 0, 0, 0, 0]:.2f} {second:.2f}")
#> -0.36 -12.30
# --8<-- [end:shown]
