import warnings

import torch
from torch.func import jvp

# Forward mode says at its first use that torch.jit.script is deprecated.
warnings.simplefilter("ignore", DeprecationWarning)
# --8<-- [start:shown]
branch = torch.tensor([[1.0], [2.0]])  # two input functions
x = torch.tensor([[0.0], [1.0]])  # shared points
trunk = torch.nn.Identity()
u, u_x = jvp(lambda x: branch @ trunk(x).T, (x,), (torch.ones_like(x),))
u_x = u_x.tolist()
print(u_x)
#> [[1.0, 1.0], [2.0, 2.0]]
# --8<-- [end:shown]
