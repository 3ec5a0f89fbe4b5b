import torch
from torch.func import jacrev, vmap

torch.manual_seed(0)
norm = torch.nn.GroupNorm(2, 4).double()
x = torch.randn(1, 4, 2, dtype=torch.float64, requires_grad=True)


# --8<-- [start:rows]
def f(sample):
    return norm(sample[None]).pow(3).flatten()[:2]


J = vmap(jacrev(f))(x)
P = J.pow(2).sum().item()
print(f"P: {P:.4f}")
#> P: 3.8267
# --8<-- [end:rows]
