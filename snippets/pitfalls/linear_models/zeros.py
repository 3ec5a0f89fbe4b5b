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
dy_dx = torch.autograd.grad(function(x), x, create_graph=True)[0] + 0 * x
print("attached:", torch.autograd.grad(dy_dx.sum(), x)[0].tolist())
#> attached: [0.0, 0.0]
