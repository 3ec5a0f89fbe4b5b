import torch
from torch.func import jvp


class XExp(torch.autograd.Function):
    @staticmethod
    def forward(x):
        return x * x.exp()

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(*inputs)
        ctx.save_for_forward(*inputs)

    @staticmethod
    def backward(ctx, outer):
        (x,) = ctx.saved_tensors
        return outer * (1 + x) * x.exp()

    @staticmethod
    def jvp(ctx, tangent):
        (x,) = ctx.saved_tensors
        return tangent * (1 + x) * x.exp()


x, one = torch.tensor(0.5, dtype=torch.float64), torch.tensor(1.0, dtype=torch.float64)
slope = jvp(XExp.apply, (x,), (one,))[1].item()
#! DeprecationWarning: `torch.jit.script` is deprecated. Please switch to `torch.compile` or
#!   `torch.export`.
print("slope:", round(slope, 4))
#> slope: 2.4731
