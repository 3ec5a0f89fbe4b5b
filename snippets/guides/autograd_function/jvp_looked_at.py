import torch
from torch.autograd import gradcheck, gradgradcheck


class Exp(torch.autograd.Function):
    @staticmethod
    def forward(x):
        return x.exp()

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(output)
        ctx.save_for_forward(output)

    @staticmethod
    def backward(ctx, outer):
        (y,) = ctx.saved_tensors
        return outer * y

    @staticmethod
    def jvp(ctx, tangent):
        (y,) = ctx.saved_tensors
        return 2 * tangent * y  # twice too much


x = torch.tensor([0.5, -1.0], dtype=torch.float64, requires_grad=True)
print(gradcheck(Exp.apply, x), gradgradcheck(Exp.apply, x))
#> True True
print(gradgradcheck(Exp.apply, x, check_fwd_over_rev=True, raise_exception=False))
#> False
#! DeprecationWarning: `torch.jit.script` is deprecated. Please switch to `torch.compile` or
#!   `torch.export`.
