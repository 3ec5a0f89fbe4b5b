# wrong: row is [-7.5, 0.0, 0.0], the first row of the Hessian is [0.0, 5.0, 3.0]
# right: pitfalls/forward_over_reverse/scatter_right.py
import warnings

import torch

warnings.simplefilter("ignore", DeprecationWarning)


# --8<-- [start:shown]
def product(x):
    index = torch.zeros(3, dtype=torch.int64)
    return torch.ones(1).scatter_reduce(0, index, x, "prod").sum()


x = torch.tensor([2.0, 3.0, 5.0])
print("gradient:", torch.func.grad(product)(x).tolist())
#> gradient: [15.0, 10.0, 6.0]
hessian = torch.func.hessian(product)(x)
row = hessian[0].tolist()
print("first row:", row)
#> first row: [-7.5, -0.0, -0.0]
# --8<-- [end:shown]
