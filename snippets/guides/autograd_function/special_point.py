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


zero = torch.tensor(0.0, dtype=torch.float64, requires_grad=True)
first = torch.autograd.grad(Square.apply(zero), zero, create_graph=True)[0]
second = torch.autograd.grad(first, zero)[0].item()
print("at zero:", second)
#> at zero: 2.0
