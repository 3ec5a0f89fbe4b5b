# --8<-- [start:setup]
import torch
from torch.func import grad, grad_and_value, hessian, jacrev, jvp, vjp, vmap

x = torch.tensor([1.0, 2.0], dtype=torch.float64)
v = torch.tensor([3.0, 4.0], dtype=torch.float64)
X = torch.stack([x, 2 * x])


def f(x):  # (2,) -> ()
    return x[0] ** 2 * x[1] ** 3


def u(x):  # (2,) -> (2,)
    return torch.stack([x[0] * x[1], x[1] ** 2])
# --8<-- [end:setup]


# --8<-- [start:calls]
print(grad(f)(x).tolist())
#> [16.0, 12.0]
print(grad(lambda x: grad(f)(x).pow(2).sum())(x).tolist())
#> [1088.0, 1056.0]
print([one.tolist() for one in grad_and_value(f)(x)])  # the gradient first
#> [[16.0, 12.0], 8.0]
print(vjp(u, x)[1](v)[0].tolist())
#> [6.0, 19.0]
print(jvp(u, (x,), (v,))[1].tolist())
#> [10.0, 16.0]
#! DeprecationWarning: `torch.jit.script` is deprecated. Please switch to `torch.compile` or
#!   `torch.export`.
print(jacrev(u)(x).tolist())
#> [[2.0, 1.0], [0.0, 4.0]]
print(hessian(f)(x).tolist())
#> [[16.0, 24.0], [24.0, 12.0]]
print(jvp(grad(f), (x,), (v,))[1].tolist())
#> [144.0, 120.0]
print(vmap(grad(f))(X).tolist())
#> [[16.0, 12.0], [256.0, 192.0]]
print(grad(lambda x: x[0].detach() * x[1])(x).tolist())
#> [0.0, 1.0]
# --8<-- [end:calls]
