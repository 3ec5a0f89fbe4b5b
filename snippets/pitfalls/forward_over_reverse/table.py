import warnings

import torch
from torch.func import grad, jvp
from torch.nn.functional import (
    batch_norm,
    group_norm,
    instance_norm,
    layer_norm,
)

warnings.simplefilter("ignore", DeprecationWarning)
# --8<-- [start:shown]
torch.set_default_dtype(torch.float64)
V = torch.tensor([[1.0, 2.0, 4.0], [0.5, -1.0, 1.0]])


def h(t):
    return torch.stack([t, t**2, 1 + 0 * t, t**3, 2 - t, t * 3]).reshape(
        2, 3
    )


def m(t):
    return torch.stack([t + 2, t**2, 1 + 0 * t, 2 * t + 3]).reshape(2, 2)


functions = {
    "layer_norm": lambda t: (V * layer_norm(h(t), (3,), eps=0.1)).sum(),
    "batch_norm": lambda t: (
        V * batch_norm(h(t), None, None, training=True, eps=0.1)
    ).sum(),
    "instance_norm": lambda t: (
        V * instance_norm(h(t)[None], eps=0.1)[0]
    ).sum(),
    "group_norm": lambda t: (V * group_norm(h(t), 1, eps=0.1)).sum(),
    "linalg.det": lambda t: torch.linalg.det(m(t)),
    "linalg.slogdet": lambda t: torch.linalg.slogdet(m(t))[1],
    "linalg.solve": lambda t: torch.linalg.solve(m(t), V[0, :2]).sum(),
    "linalg.inv": lambda t: torch.linalg.inv(m(t)).sum(),
}


def forward(f):
    return lambda t: jvp(f, (t,), (torch.ones_like(t),))[1]


t, names, rows = torch.tensor(0.7), list(functions), []
for name, f in functions.items():
    ways = [
        forward(forward(f)),
        grad(forward(f)),
        forward(grad(f)),
        grad(grad(f)),
    ]
    difference = (f(t + 1e-3) - 2 * f(t) + f(t - 1e-3)) / 1e-6
    rows.append([way(t).item() for way in ways] + [difference.item()])
    print(f"{name:15}" + "".join(f"{value:8.3f}" for value in rows[-1]))
#> layer_norm        1.698   1.698 -13.975 -13.975 -13.975
#> batch_norm       32.791  32.791  25.274  25.274  25.274
#> instance_norm     1.698   1.698 -13.975 -13.975 -13.975
#> group_norm      -13.975 -13.975 -13.975 -13.975 -13.975
#> linalg.det        4.195   4.195   2.000   2.000   2.000
#> linalg.slogdet   -0.176  -0.176  -0.368  -0.368  -0.368
#> linalg.solve     -0.055  -0.055   0.120   0.120   0.120
#> linalg.inv        0.066   0.066   0.066   0.066   0.066
# --8<-- [end:shown]
