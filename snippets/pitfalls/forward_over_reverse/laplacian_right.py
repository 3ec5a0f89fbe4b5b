import warnings

import torch
from torch import nn
from torch.func import grad, jvp

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
    slope = grad(lambda x: net(x).squeeze())
    return jvp(slope, (x,), (direction,))[1] @ direction


laplacian = sum(second(e) for e in torch.eye(3, dtype=torch.float64)).item()
print(f"Laplacian: {laplacian:.4f}")
#> Laplacian: -0.7138
# --8<-- [end:shown]
h = 1e-3
sides = [net(x + h * e) + net(x - h * e) for e in torch.eye(3).double()]
difference = (sum(sides) - 6 * net(x)).item() / h**2
print(f"difference: {difference:.4f}")
#> difference: -0.7138
