import torch
from torch.func import jacrev, vmap

A = torch.tensor([[[2, 1], [1, 3]], [[4, 1], [2, 3]]], dtype=torch.float64)
# --8<-- [start:shown]
logdet = lambda A: torch.linalg.slogdet(A)[1]
# --8<-- [mark]
H = vmap(jacrev(jacrev(logdet)))(A)
second = H[1, 0, 0, 0, 0].item()
print(f"{H[0, 0, 0, 0, 0]:.2f} {second:.2f}")
#> -0.36 -0.09
# --8<-- [end:shown]
