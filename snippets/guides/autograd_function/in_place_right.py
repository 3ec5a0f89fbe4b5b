import torch


class Square(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x**2

    @staticmethod
    def backward(ctx, outer):
        (x,) = ctx.saved_tensors
        return outer * 2 * x


w = torch.tensor(3.0, requires_grad=True)
x = w * 1
y = Square.apply(x)
x = x * 10
dy_dw = torch.autograd.grad(y, w)[0].item()
print("dy_dw:", dy_dw)
#> dy_dw: 6.0
