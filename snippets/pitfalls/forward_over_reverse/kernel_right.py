import torch


def kernel(x):
    return torch.exp(-x.pow(2).sum())


hessian = torch.func.hessian(kernel)(torch.zeros(2)).tolist()
#! DeprecationWarning: `torch.jit.script` is deprecated. Please switch to `torch.compile` or
#!   `torch.export`.
print(hessian)
#> [[-2.0, 0.0], [0.0, -2.0]]
