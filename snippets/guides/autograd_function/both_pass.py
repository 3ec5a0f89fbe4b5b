# wrong: second is nan, the derivative is 2.0
# right: guides/autograd_function/special_point.py
import torch
from torch.autograd import gradcheck, gradgradcheck


class Square(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x**2

    @staticmethod
    def backward(ctx, outer):
        (x,) = ctx.saved_tensors
        return outer * 2 * x.sign() * (x**2).sqrt()


x = torch.tensor([0.5, -1.0], dtype=torch.float64, requires_grad=True)
print(gradcheck(Square.apply, x), gradgradcheck(Square.apply, x))
#> True True
zero = torch.tensor(0.0, dtype=torch.float64, requires_grad=True)
first = torch.autograd.grad(Square.apply(zero), zero, create_graph=True)[0]
second = torch.autograd.grad(first, zero)[0].item()
print("at zero:", second)
#> at zero: nan
