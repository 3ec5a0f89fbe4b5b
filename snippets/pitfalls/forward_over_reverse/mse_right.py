import warnings

import torch
from torch.func import grad, jvp

warnings.simplefilter("ignore", DeprecationWarning)
# --8<-- [start:shown]
y = torch.tensor([1.0, 3.0])
w, v = torch.tensor([1.0, 2.0]), torch.tensor([1.0, -1.0])
Hv = jvp(grad(lambda w: (w**2 - y).pow(2).mean()), (w,), (v,))[1]
print("Hv:", Hv.tolist())
#> Hv: [4.0, -18.0]
# --8<-- [end:shown]
