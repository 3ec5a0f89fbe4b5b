# right: guides/autograd_function/jvp_kernel.py
import warnings

import numpy
import torch
from torch.func import jvp

warnings.simplefilter("ignore", DeprecationWarning)


def library(x, n):  # stands for compiled code: (x + n) e^x
    return torch.from_numpy((x.numpy() + n) * numpy.exp(x.numpy()))


# --8<-- [start:function]
class XExp(torch.autograd.Function):
    @staticmethod
    def forward(x):
        return library(x, 0)

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_forward(*inputs)

    @staticmethod
    def jvp(ctx, tangent):
        (x,) = ctx.saved_tensors
        # --8<-- [mark]
        return tangent * library(x, 1)


# --8<-- [end:function]
w = torch.tensor(2.0, dtype=torch.float64, requires_grad=True)
x, one = torch.tensor([[0.5], [1.0]], dtype=torch.float64)
jvp(lambda x: XExp.apply(w * x), (x,), (one,))
#! RuntimeError: Cannot access data pointer of Tensor that doesn't have storage
