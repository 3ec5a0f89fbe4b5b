import torch
from torch.func import grad


class Square(torch.autograd.Function):
    @staticmethod
    def forward(x):
        return x**2

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(*inputs)

    @staticmethod
    def backward(ctx, outer):
        (x,) = ctx.saved_tensors
        return 2 * x * outer


second = grad(grad(Square.apply))(torch.tensor(0.5)).item()
print("second:", second)
#> second: 2.0
