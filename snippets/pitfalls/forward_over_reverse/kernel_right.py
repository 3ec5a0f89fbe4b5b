import warnings

import torch

warnings.simplefilter("ignore", DeprecationWarning)
# --8<-- [start:shown]
def kernel(x):
    return torch.exp(-x.pow(2).sum())


hessian = torch.func.hessian(kernel)(torch.zeros(2)).tolist()
print(hessian)
#> [[-2.0, 0.0], [0.0, -2.0]]
# --8<-- [end:shown]
