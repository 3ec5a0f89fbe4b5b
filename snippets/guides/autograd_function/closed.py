# right: guides/autograd_function/backward_function.py
import numpy
import torch
from torch.autograd import grad


def library(x, n):  # stands for compiled code: (x + n) e^x
    return torch.from_numpy(numpy.asarray(numpy.exp(x.numpy()) * (x.numpy() + n)))


class XExpDouble(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, outer, outer_2):
        return outer_2 * outer * library(x, 2), outer_2 * library(x, 1)

    @staticmethod
    def backward(ctx, *outer_3):
        # --8<-- [mark]
        raise NotImplementedError("XExp has no third derivative")


class XExpBackward(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, outer):
        ctx.save_for_backward(x, outer)
        return outer * library(x, 1)

    @staticmethod
    def backward(ctx, outer_2):
        return XExpDouble.apply(*ctx.saved_tensors, outer_2)


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
second = grad(first, x, create_graph=True)[0]
print("second:", round(second.item(), 4))
#> second: 19.028
grad(second, x)
#! NotImplementedError: XExp has no third derivative
