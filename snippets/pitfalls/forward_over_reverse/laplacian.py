# wrong: laplacian is -0.8630, the Laplacian is -0.7138
# right: pitfalls/forward_over_reverse/laplacian_right.py
import warnings

import torch
from torch import nn
from torch.func import jvp

warnings.simplefilter("ignore", DeprecationWarning)
torch.manual_seed(0)
# --8<-- [start:shown]
net = nn.Sequential(
    nn.Linear(3, 8),
    nn.Tanh(),
    nn.LayerNorm(8),
    nn.Linear(8, 1),
).double()
x = torch.tensor([0.5, -0.2, 0.1], dtype=torch.float64)


def second(direction):
    # --8<-- [mark]
    slope = lambda x: jvp(net, (x,), (direction,))[1]
    return jvp(slope, (x,), (direction,))[1]


laplacian = sum(second(e) for e in torch.eye(3, dtype=torch.float64)).item()
print(f"Laplacian: {laplacian:.4f}")
#> Laplacian: -0.8630
# --8<-- [end:shown]
