# wrong: hessian is [[0.0, 0.0], [0.0, 0.0]], the Hessian is [[-2.0, 0.0], [0.0, -2.0]]
# right: pitfalls/forward_over_reverse/kernel_right.py
import torch


def kernel(x):
    return torch.exp(-(torch.linalg.vector_norm(x) ** 2))


hessian = torch.func.hessian(kernel)(torch.zeros(2)).tolist()
#! DeprecationWarning: `torch.jit.script` is deprecated. Please switch to `torch.compile` or
#!   `torch.export`.
print(hessian)
#> [[0.0, 0.0], [0.0, 0.0]]
