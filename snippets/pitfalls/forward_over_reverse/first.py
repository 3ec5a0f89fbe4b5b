# wrong: slope is 0.0, the derivative along the diagonal is 31.0
# right: pitfalls/forward_over_reverse/first_right.py
import torch


def product(x):
    index = torch.zeros(3, dtype=torch.int64)
    return torch.ones(1).scatter_reduce(0, index, x, "prod").sum()


x = torch.tensor([2.0, 3.0, 5.0])
slope = torch.func.jvp(product, (x,), (torch.ones(3),))[1].item()
#! DeprecationWarning: `torch.jit.script` is deprecated. Please switch to `torch.compile` or
#!   `torch.export`.
print("slope:", slope)
#> slope: 0.0
