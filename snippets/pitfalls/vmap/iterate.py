import torch
from torch.func import grad, vmap


def root(x):
    y = x
    for _ in range(8):  # enough for every x here, instead of a `while`
        y = (y + x / y) / 2
    return y


x = torch.tensor([2.0, 3.0, 4.0], dtype=torch.float64)
second = vmap(grad(grad(root)))(x)
print([round(value, 6) for value in second.tolist()])
#> [-0.088388, -0.048113, -0.03125]
