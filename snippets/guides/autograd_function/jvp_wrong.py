import torch
from torch.autograd import gradcheck, gradgradcheck


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
        return tangent * x.exp()  # forgets a term


x = torch.tensor([0.5, -1.0], dtype=torch.float64, requires_grad=True)
print(gradcheck(XExp.apply, x), gradgradcheck(XExp.apply, x, check_fwd_over_rev=True))
#> True True
#! DeprecationWarning: `torch.jit.script` is deprecated. Please switch to `torch.compile` or
#!   `torch.export`.
print(gradcheck(XExp.apply, x, check_forward_ad=True, raise_exception=False))
#> False
