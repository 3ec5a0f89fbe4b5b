import numpy
import torch
from torch.autograd import grad


def library(x, order):  # stands for compiled code
    return torch.from_numpy(numpy.asarray(numpy.exp(x.numpy()) * (x.numpy() + order)))


class XExpBackward(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, outer):
        ctx.save_for_backward(x, outer)
        return outer * library(x, 1)

    @staticmethod
    def backward(ctx, outer_2):
        x, outer = (saved.detach() for saved in ctx.saved_tensors)
        return outer_2 * outer * library(x, 2), outer_2 * library(x, 1)


class XExp(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return library(x, 0)

    @staticmethod
    def backward(ctx, outer):
        return XExpBackward.apply(*ctx.saved_tensors, outer)


x = torch.tensor(0.5, dtype=torch.float64, requires_grad=True)
first = grad(XExp.apply(x) ** 2, x, create_graph=True)[0]
second_of_square = round(grad(first, x)[0].item(), 4)
print("second derivative of the square:", second_of_square)
#> second derivative of the square: 19.028
