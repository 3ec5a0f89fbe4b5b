import warnings

import torch
from torch.autograd import gradcheck, gradgradcheck

warnings.simplefilter("ignore", DeprecationWarning)
# --8<-- [start:shown]
def product(x):
    index = torch.zeros(3, dtype=torch.int64)
    one = torch.ones(1, dtype=x.dtype)
    return one.scatter_reduce(0, index, x, "prod").sum()


x = torch.tensor([2.0, 3.0, 5.0], dtype=torch.float64, requires_grad=True)
options = {"raise_exception": False}
reverse = gradcheck(product, x, **options)
twice = gradgradcheck(product, x, **options)
forward = gradcheck(product, x, check_forward_ad=True, **options)
over = gradgradcheck(product, x, check_fwd_over_rev=True, **options)
print("reverse mode:", reverse, "and twice:", twice)
#> reverse mode: True and twice: True
print("forward mode:", forward, "and over reverse:", over)
#> forward mode: False and over reverse: False
# --8<-- [end:shown]
