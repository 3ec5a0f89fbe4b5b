# wrong: product is 0.0, the derivative is 12.0
# right: guides/functional/once_right.py
import torch
from torch.autograd.function import once_differentiable
from torch.autograd.functional import jvp


class Cube(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x**3

    @staticmethod
    @once_differentiable
    def backward(ctx, grad_output):
        (x,) = ctx.saved_tensors
        return 3 * x**2 * grad_output


x, v = torch.tensor([2.0]), torch.tensor([1.0])
product = jvp(Cube.apply, x, v)[1].item()
print(product)
#> 0.0
