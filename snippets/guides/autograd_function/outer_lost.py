import torch
from torch.autograd import gradgradcheck


class XExpBackward(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, outer):
        ctx.save_for_backward(x, outer)
        return outer * (1 + x) * x.exp()

    @staticmethod
    def backward(ctx, outer_2):
        x, outer = ctx.saved_tensors
        return outer_2 * outer * (2 + x) * x.exp(), None  # forgets the derivative by outer


class XExp(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * x.exp()

    @staticmethod
    def backward(ctx, outer):
        return XExpBackward.apply(*ctx.saved_tensors, outer)


x = torch.tensor([0.5, -1.0], dtype=torch.float64, requires_grad=True)
second = torch.autograd.functional.hessian(lambda x: XExp.apply(x).sum(), x).diagonal()
print("second derivatives:", second.numpy().round(4))
#> second derivatives: [4.1218 0.3679]
print("gradgradcheck:", gradgradcheck(XExp.apply, x, raise_exception=False))
#> gradgradcheck: False
