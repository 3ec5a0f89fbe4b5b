# wrong: dL_dx is 2.4731, the derivative is 6.5949
# right: guides/autograd_function/right_twice.py
import torch
from torch.autograd import grad
from torch.autograd.function import once_differentiable


class XExp(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * x.exp()

    @staticmethod
    @once_differentiable
    def backward(ctx, outer):
        (x,) = ctx.saved_tensors
        return outer * (1 + x) * x.exp()


x = torch.tensor(0.5, dtype=torch.float64, requires_grad=True)
y = XExp.apply(x)
first = grad(y, x, create_graph=True)[0]
dL_dx = round(grad(y + first, x)[0].item(), 4)
print("dL_dx:", dL_dx)
#> dL_dx: 2.4731
