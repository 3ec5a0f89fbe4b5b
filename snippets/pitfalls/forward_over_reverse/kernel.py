# wrong: hessian is [[0.0, 0.0], [0.0, 0.0]], the Hessian is [[-2.0, 0.0], [0.0, -2.0]]
# right: pitfalls/forward_over_reverse/kernel_right.py
import warnings

import torch

warnings.simplefilter("ignore", DeprecationWarning)


# --8<-- [start:shown]
def kernel(x):
    return torch.exp(-(torch.linalg.vector_norm(x) ** 2))


hessian = torch.func.hessian(kernel)(torch.zeros(2)).tolist()
print(hessian)
#> [[0.0, 0.0], [0.0, 0.0]]
# --8<-- [end:shown]
