import numpy
import torch
from torch.autograd import grad


def library(x, n):  # stands for compiled code: (x + n) e^x
    return torch.from_numpy(numpy.asarray(numpy.exp(x.numpy()) * (x.numpy() + n)))


class XExpBackward(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, outer, n):
        ctx.save_for_backward(x, outer)
        ctx.n = n
        return outer * library(x, n)

    @staticmethod
    def backward(ctx, outer_2):
        x, outer = ctx.saved_tensors
        # --8<-- [mark]
        to_x = XExpBackward.apply(x, outer_2 * outer, ctx.n + 1)
        # --8<-- [mark]
        to_outer = XExpBackward.apply(x, outer_2, ctx.n)
        return to_x, to_outer, None


class XExp(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return library(x, 0)

    @staticmethod
    def backward(ctx, outer):
        return XExpBackward.apply(*ctx.saved_tensors, outer, 1)


x = torch.tensor(0.5, dtype=torch.float64, requires_grad=True)
first = grad(XExp.apply(x) ** 2, x, create_graph=True)[0]
second = grad(first, x, create_graph=True)[0]
second_of_square = round(second.item(), 4)
third_of_square = round(grad(second, x)[0].item(), 4)
print("second:", second_of_square, "third:", third_of_square)
#> second: 19.028 third: 70.6753
