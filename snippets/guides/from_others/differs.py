import torch
from torch.func import grad

zero = torch.tensor([0.0, 0.0])

# --8<-- [start:conventions]
print("norm at zero:", grad(torch.linalg.vector_norm)(zero).tolist())
#> norm at zero: [0.0, 0.0]
scalar = torch.tensor(0.0)
print("relu:", grad(torch.relu)(scalar).item())
#> relu: 0.0
print("abs:", grad(torch.abs)(scalar).item())
#> abs: 0.0
larger = grad(lambda x: torch.maximum(x, torch.tensor(0.0)))(scalar).item()
clamped = grad(lambda x: x.clamp(min=0))(scalar).item()
print("maximum:", larger, "clamp:", clamped)
#> maximum: 0.5 clamp: 1.0
# --8<-- [end:conventions]
# --8<-- [start:unused]
unused = grad(lambda a, b: a.exp(), argnums=1)(scalar, scalar)
print("unused:", unused.item())
#> unused: 0.0
# --8<-- [end:unused]
