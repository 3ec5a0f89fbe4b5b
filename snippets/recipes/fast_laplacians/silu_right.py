import warnings

import torch
from torch.func import grad, jvp
from torch.nn.functional import silu

# Forward mode says at its first use that torch.jit.script is deprecated.
warnings.simplefilter("ignore", DeprecationWarning)
# --8<-- [start:shown]
x, v = torch.tensor([0.5]), torch.ones(1)
slope = grad(lambda x: silu(x).sum())
with torch.no_grad():
    second = jvp(slope, (x,), (v,))[1].item()
print(f"{second:.4f}")
#> 0.4412
# --8<-- [end:shown]
