import torch
from torch.autograd import grad, gradcheck, gradgradcheck


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


x = torch.tensor(0.5, dtype=torch.float64, requires_grad=True)
first = grad(XExp.apply(x), x, create_graph=True)[0]
second = round(grad(first, x)[0].item(), 4)
print("second derivative:", second)
#> second derivative: 4.1218
outer = torch.tensor(2.0, dtype=torch.float64, requires_grad=True)
print("gradgradcheck:", gradgradcheck(XExp.apply, x, raise_exception=False))
#> gradgradcheck: False
print("gradcheck:", gradcheck(XExpBackward.apply, (x, outer), raise_exception=False))
#> gradcheck: False
