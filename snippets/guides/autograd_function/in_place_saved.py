# right: guides/autograd_function/in_place_right.py
import torch


class Square(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x**2

    @staticmethod
    def backward(ctx, outer):
        (x,) = ctx.saved_tensors
        return outer * 2 * x


w = torch.tensor(3.0, requires_grad=True)
x = w * 1
y = Square.apply(x)
x.mul_(10)
torch.autograd.grad(y, w)
#! RuntimeError: one of the variables needed for gradient computation has been modified by an
#!   inplace operation: ...
