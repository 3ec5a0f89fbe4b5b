import torch


def product(x):
    index = torch.zeros(3, dtype=torch.int64)
    return torch.ones(1).scatter_reduce(0, index, x, "prod").sum()


x = torch.tensor([2.0, 3.0, 5.0])
slope = (torch.func.grad(product)(x) @ torch.ones(3)).item()
print("slope:", slope)
#> slope: 31.0
