import torch

x = torch.tensor([1.0, 2.0], requires_grad=True)


def function(x):
    return (3 * x).sum()


print("torch.func:", torch.func.hessian(function)(x).tolist())
#> torch.func: [[0.0, 0.0], [0.0, 0.0]]
#! DeprecationWarning: `torch.jit.script` is deprecated. Please switch to `torch.compile` or
#!   `torch.export`.
print("functional:", torch.autograd.functional.hessian(function, x).tolist())
#> functional: [[0.0, 0.0], [0.0, 0.0]]
