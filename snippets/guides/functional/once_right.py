import warnings

import torch
from torch.autograd.function import once_differentiable
from torch.func import jvp

warnings.simplefilter("ignore", DeprecationWarning)


class Cube(torch.autograd.Function):
    @staticmethod
    def forward(x):
        return x**3

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(*inputs)
        ctx.save_for_forward(*inputs)

    @staticmethod
    @once_differentiable
    def backward(ctx, grad_output):
        (x,) = ctx.saved_tensors
        return 3 * x**2 * grad_output

    @staticmethod
    def jvp(ctx, tangent):
        (x,) = ctx.saved_tensors
        return 3 * x**2 * tangent


x, v = torch.tensor([2.0]), torch.tensor([1.0])
product = jvp(Cube.apply, (x,), (v,))[1].item()
print(product)
#> 12.0
