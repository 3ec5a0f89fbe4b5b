# right: pitfalls/forward_over_reverse/mse_right.py
import warnings

import torch
from torch.func import grad, jvp

warnings.simplefilter("ignore", DeprecationWarning)
# --8<-- [start:shown]
y = torch.tensor([1.0, 3.0])
w, v = torch.tensor([1.0, 2.0]), torch.tensor([1.0, -1.0])
Hv = jvp(grad(lambda w: torch.nn.functional.mse_loss(w**2, y)), (w,), (v,))[
    1
]
#! RuntimeError: ZeroTensors are immutable. Please use the materialized zero tensor obtained
#!   using .clone() if you want a mutable tensor.
# --8<-- [end:shown]
