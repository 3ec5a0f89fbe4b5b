import torch
from torch.nn import functional as F


def second(function, at, dtype):
    x = torch.tensor(at, dtype=dtype, requires_grad=True)
    first = torch.autograd.grad(function(x), x, create_graph=True)[0]
    return torch.autograd.grad(first + 0 * x, x)[0].item()


softplus = [second(F.softplus, at, torch.float64) for at in (19.0, 21.0)]
silu = [second(F.silu, at, torch.float32) for at in (14.0, 18.0)]
print(f"softplus: {softplus[0]:.2e} at 19, {softplus[1]} at 21")
#> softplus: 5.60e-09 at 19, 0.0 at 21
zero = [value == 0 for value in silu]
print("SiLU in float32 is zero at 14:", zero[0], "at 18:", zero[1])
#> SiLU in float32 is zero at 14: False at 18: True
