import numpy
import torch
from torch.autograd import gradcheck, gradgradcheck


def library(x, order):  # stands for compiled code
    return torch.from_numpy(numpy.exp(x.detach().numpy()) * (x.detach().numpy() + order))


class XExp(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return library(x, 0)

    @staticmethod
    def backward(ctx, outer):
        (x,) = ctx.saved_tensors
        return XExpBackward.apply(x, outer)


class XExpBackward(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, outer):
        ctx.save_for_backward(x, outer)
        return outer * library(x, 1)

    @staticmethod
    def backward(ctx, outer_2):
        x, outer = ctx.saved_tensors
        return outer_2 * outer * library(x, 2), outer_2 * library(x, 1)


x = torch.tensor([0.5, -1.0], dtype=torch.float64, requires_grad=True)
print(gradcheck(XExp.apply, x), gradgradcheck(XExp.apply, x))
#> True True
