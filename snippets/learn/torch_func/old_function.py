import torch
from torch.func import grad


class Cube(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x**3

    @staticmethod
    def backward(ctx, dL_dy):
        (x,) = ctx.saved_tensors
        return dL_dy * 3 * x**2


x = torch.tensor(2.0, requires_grad=True)
print(torch.autograd.grad(Cube.apply(x), x)[0])
#> tensor(12.)
grad(Cube.apply)(x)
#! RuntimeError: In order to use an autograd.Function with functorch transforms (vmap,
#!   grad, jvp, jacrev, ...), it must override the setup_context staticmethod. For more
#!   details, please see https://pytorch.org/docs/main/notes/extending.func.html
