# wrong: second is 0.0, the second derivative is 2.0
# right: pitfalls/once_differentiable/func_right.py
import torch
from torch.autograd.function import once_differentiable
from torch.func import grad


class Square(torch.autograd.Function):
    @staticmethod
    def forward(x):
        return x**2

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(*inputs)

    @staticmethod
    @once_differentiable
    def backward(ctx, outer):
        (x,) = ctx.saved_tensors
        return 2 * x * outer


second = grad(grad(Square.apply))(torch.tensor(0.5)).item()
print("second:", second)
#> second: 0.0
