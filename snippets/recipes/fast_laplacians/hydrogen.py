# uses: recipes/fast_laplacians/forward_laplacian.py
import warnings

import torch
from forward_laplacian import Field
from torch.nn.functional import linear

# Forward mode says at its first use that torch.jit.script is deprecated.
warnings.simplefilter("ignore", DeprecationWarning)
# --8<-- [start:shown]
torch.manual_seed(0)
x = torch.randn(6, 3, dtype=torch.float64)
ones = torch.ones(1, 3, dtype=x.dtype)


def hydrogen(x):
    return torch.exp(torch.sqrt(linear(x * x, ones)) * -1.0)


def harmonic(x):  # x³ - 3xy², times z
    a, b, c = (linear(x, row[None]) for row in torch.eye(3, dtype=torch.float64))
    return (a * a * a + a * b * b * -3.0) * c


f, h = hydrogen(Field.coordinates(x)), harmonic(Field.coordinates(x))
r = x.norm(dim=1, keepdim=True)
energy = -f.laplacian / (2 * f.value) - 1 / r
print([round(e, 9) for e in energy.flatten().tolist()])
#> [-0.5, -0.5, -0.5, -0.5, -0.5, -0.5]
print(f"harmonic: {h.laplacian.abs().max() < 1e-12}, value {h.value.std() > 1}")
#> harmonic: True, value True
# --8<-- [end:shown]
