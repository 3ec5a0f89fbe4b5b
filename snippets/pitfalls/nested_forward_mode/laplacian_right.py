import torch
from torch.func import jvp, vjp

torch.manual_seed(0)
net = torch.nn.Sequential(
    torch.nn.Linear(3, 8), torch.nn.Tanh(), torch.nn.LayerNorm(8), torch.nn.Linear(8, 1)
).double()
x = torch.tensor([0.5, -0.2, 0.1], dtype=torch.float64)


def second(direction):
    def first(x):
        return vjp(net, x)[1](torch.ones(1, dtype=torch.float64))[0]

    return jvp(first, (x,), (direction,))[1] @ direction


laplacian = sum(second(e) for e in torch.eye(3, dtype=torch.float64)).item()
#! DeprecationWarning: `torch.jit.script` is deprecated. Please switch to `torch.compile` or
#!   `torch.export`.
print(f"Laplacian: {laplacian:.4f}")
#> Laplacian: -0.7138
h = 1e-3
differences = [net(x + h * e) - 2 * net(x) + net(x - h * e) for e in torch.eye(3).double()]
print(f"difference: {(sum(differences) / h**2).item():.4f}")
#> difference: -0.7138
