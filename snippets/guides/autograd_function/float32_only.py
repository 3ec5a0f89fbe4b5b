import torch
from torch.autograd import grad


class XExpBackward(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, outer):
        assert x.dtype is torch.float32  # like many kernels
        ctx.save_for_backward(x, outer)
        return outer * (1 + x) * x.exp()

    @staticmethod
    def backward(ctx, outer_2):
        x, outer = ctx.saved_tensors
        return outer_2 * outer * (2 + x) * x.exp(), outer_2 * (1 + x) * x.exp()


class XExp(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * x.exp()

    @staticmethod
    def backward(ctx, outer):
        return XExpBackward.apply(*ctx.saved_tensors, outer)


class Forgets(XExp):
    @staticmethod
    def backward(ctx, outer):
        (x,) = ctx.saved_tensors
        return XExpBackward.apply(x, outer.detach())


# --8<-- [start:check]
def plain(x):
    return x * x.exp()


def products(f, x, v):
    """First and second derivative of a square along v, in the precision of x."""
    x = x.clone().requires_grad_()
    first = grad(f(x).pow(2).sum(), x, create_graph=True)[0] @ v
    return torch.stack([first, grad(first, x)[0] @ v]).detach()


def error(f, tries=20):
    """The largest error of each order, as a part of the true value."""
    worst = torch.zeros(2, dtype=torch.float64)
    for _ in range(tries):
        x, v = torch.rand(2, 64, dtype=torch.float64)
        true = products(plain, x, v)
        found = products(f, x.float(), v.float())
        worst = torch.maximum(worst, (found - true).abs() / true.abs())
    return worst


torch.manual_seed(0)
for f in (XExp.apply, Forgets.apply):
    first, second = error(f)
    print(first.item() < 1e-5, second.item() < 10 * 1e-5)
#> True True
#> True False
# --8<-- [end:check]
