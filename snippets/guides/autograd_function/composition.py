import torch
from torch.autograd import grad, gradcheck, gradgradcheck


class XExp(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * x.exp() - x.exp()  # another function

    @staticmethod
    def backward(ctx, outer):
        (x,) = ctx.saved_tensors
        return outer * x * x.exp()


def derivatives(f, x):
    y = f(x)
    first = grad(y.sum(), x, create_graph=True)[0]
    return y, first, grad(first.pow(2).sum(), x)[0]


x = torch.tensor([0.5, -1.0], dtype=torch.float64, requires_grad=True)
print(gradcheck(XExp.apply, x), gradgradcheck(XExp.apply, x))
#> True True
pairs = zip(derivatives(XExp.apply, x), derivatives(lambda x: x * x.exp(), x), strict=True)
print([torch.allclose(ours, plain) for ours, plain in pairs])
#> [False, False, False]
