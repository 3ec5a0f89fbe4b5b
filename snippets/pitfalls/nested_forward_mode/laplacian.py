# wrong: laplacian is -0.8630, the Laplacian is -0.7138
# right: pitfalls/nested_forward_mode/laplacian_right.py
import torch
from torch.func import jvp

torch.manual_seed(0)
net = torch.nn.Sequential(
    torch.nn.Linear(3, 8), torch.nn.Tanh(), torch.nn.LayerNorm(8), torch.nn.Linear(8, 1)
).double()
x = torch.tensor([0.5, -0.2, 0.1], dtype=torch.float64)


def second(direction):
    def first(x):
        return jvp(net, (x,), (direction,))[1]

    return jvp(first, (x,), (direction,))[1]


laplacian = sum(second(e) for e in torch.eye(3, dtype=torch.float64)).item()
#! DeprecationWarning: `torch.jit.script` is deprecated. Please switch to `torch.compile` or
#!   `torch.export`.
print(f"Laplacian: {laplacian:.4f}")
#> Laplacian: -0.8630
