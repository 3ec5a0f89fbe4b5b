import warnings

import numpy
import torch
from torch.func import jvp

warnings.simplefilter("ignore", DeprecationWarning)


def library(x, n):  # stands for compiled code: (x + n) e^x
    return torch.from_numpy((x.numpy() + n) * numpy.exp(x.numpy()))


# --8<-- [start:functions]
class Slope(torch.autograd.Function):
    """A vector, times (x + n) e^x, and its derivative with respect to both."""

    @staticmethod
    def forward(x, vector, n):
        return vector * library(x, n)

    @staticmethod
    def setup_context(ctx, inputs, output):
        *tensors, ctx.n = inputs
        ctx.save_for_backward(*tensors)

    @staticmethod
    def backward(ctx, outer):
        x, vector = ctx.saved_tensors
        to_x = Slope.apply(x, outer * vector, ctx.n + 1)
        return to_x, Slope.apply(x, outer, ctx.n), None


class XExp(torch.autograd.Function):
    @staticmethod
    def forward(x):
        return library(x, 0)

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(*inputs)
        ctx.save_for_forward(*inputs)

    @staticmethod
    def backward(ctx, outer):
        return Slope.apply(*ctx.saved_tensors, outer, 1)

    @staticmethod
    def jvp(ctx, tangent):
        # --8<-- [mark]
        return Slope.apply(*ctx.saved_tensors, tangent, 1)


# --8<-- [end:functions]
# --8<-- [start:trained]
w = torch.tensor(2.0, dtype=torch.float64, requires_grad=True)
x, one = torch.tensor([[0.5], [1.0]], dtype=torch.float64)
u, u_x = jvp(lambda x: XExp.apply(w * x), (x,), (one,))
loss = (u_x - 1).square().sum()
dL_dw = round(torch.autograd.grad(loss, w)[0].item(), 4)
print("slope:", round(u_x.item(), 4), "dL_dw:", dL_dw)
#> slope: 10.8731 dL_dw: 268.3794
# --8<-- [end:trained]
