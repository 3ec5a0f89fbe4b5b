import torch
from torch.func import grad


def slope(f, x, create_graph):
    return torch.autograd.grad(
        f(x), x, create_graph=create_graph
    )[0]


def f(x):
    return x**3


def outer(x, create_graph):
    return slope(f, x, create_graph) ** 2


x = torch.tensor(1.0)
without, with_flag = grad(outer)(x, False), grad(outer)(x, True)
print(f"create_graph=False: {without}, create_graph=True: {with_flag}")
#> create_graph=False: 0.0, create_graph=True: 36.0
