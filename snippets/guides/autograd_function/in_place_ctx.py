# wrong: dy_dw is 60.0, the derivative is 6.0
# right: guides/autograd_function/in_place_right.py
import torch


class Square(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.x = x
        return x**2

    @staticmethod
    def backward(ctx, outer):
        return outer * 2 * ctx.x


w = torch.tensor(3.0, requires_grad=True)
x = w * 1
y = Square.apply(x)
x.mul_(10)
dy_dw = torch.autograd.grad(y, w)[0].item()
print("dy_dw:", dy_dw)
#> dy_dw: 60.0
