import torch
from torch.nn.functional import layer_norm

v = torch.tensor([1.0, 2.0, 4.0], dtype=torch.float64)


def u(x):
    h = torch.stack([x, x**2, torch.ones_like(x)])
    return layer_norm(h, (3,), eps=0.1) @ v


def derivative(order, x):
    x = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    y = u(x)
    for _ in range(order):
        y = torch.autograd.grad(y, x, create_graph=True)[0]
    return y.item()


x, h = 0.5, 1e-5
autograd = [derivative(order, x) for order in (1, 2, 3)]
difference = [
    (derivative(order, x + h) - derivative(order, x - h)) / (2 * h)
    for order in (0, 1, 2)
]
for order, (found, slope) in enumerate(zip(autograd, difference), 1):
    print(f"order {order}: {found:.4f} and {slope:.4f}")
#> order 1: -2.2993 and -2.2993
#> order 2: -3.7160 and -3.7160
#> order 3: -9.7646 and -16.0863
