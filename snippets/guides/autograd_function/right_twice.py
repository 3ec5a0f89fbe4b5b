import torch
from torch.autograd import grad


class XExp(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * x.exp()

    @staticmethod
    def backward(ctx, outer):
        (x,) = ctx.saved_tensors
        return outer * (1 + x) * x.exp()


x = torch.tensor(0.5, dtype=torch.float64, requires_grad=True)
first = grad(XExp.apply(x), x, create_graph=True)[0]
second = round(grad(first, x)[0].item(), 4)
dL_dx = round(first.item() + second, 4)
print("second derivative:", second, "dL_dx:", dL_dx)
#> second derivative: 4.1218 dL_dx: 6.5949
