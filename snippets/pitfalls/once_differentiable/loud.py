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
        # --8<-- [mark]
        return SquareBackward.apply(*ctx.saved_tensors, outer)


class SquareBackward(torch.autograd.Function):
    @staticmethod
    def forward(x, outer):
        return 2 * x * outer  # a kernel

    @staticmethod
    def setup_context(ctx, inputs, output):
        pass

    @staticmethod
    def backward(ctx, outer):
        raise RuntimeError("Square can be differentiated only once")


x = torch.tensor(0.5, requires_grad=True)
y = Square.apply(x)
slope = torch.autograd.grad(y, x, create_graph=True)[0]
print("slope:", slope.item(), "torch.func:", grad(Square.apply)(x).item())
#> slope: 1.0 torch.func: 1.0
torch.autograd.grad(y + slope, x)
#! RuntimeError: Square can be differentiated only once
