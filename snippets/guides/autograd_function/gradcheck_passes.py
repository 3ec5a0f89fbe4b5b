import torch
from torch.autograd import gradcheck, gradgradcheck


class XExp(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        e = x.exp()
        ctx.save_for_backward(x, e)
        return x * e

    @staticmethod
    def backward(ctx, outer):
        x, e = ctx.saved_tensors
        return outer * (1 + x) * e


x = torch.tensor([0.5, -1.0], dtype=torch.float64, requires_grad=True)
print("gradcheck:", gradcheck(XExp.apply, x))
#> gradcheck: True
print("gradgradcheck:", gradgradcheck(XExp.apply, x, raise_exception=False))
#> gradgradcheck: False
